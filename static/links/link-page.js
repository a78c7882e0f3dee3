/**
 * The pages that mailed links open: nothing is changed before the form is sent, so that programs which look into every link
 * use none up. The token goes from the address into memory, and from there to the call alone.
 */

/**
 * @typedef {object} Answer
 * @property {boolean} done
 * @property {string} sentence  for the person
 * @property {string} [next]  where the browser goes now
 */

const UNREACHABLE = "The server can't be reached. Check the connection and try again.";
const SENSELESS = "The server's answer made no sense. Try again.";

/**
 * The token in an address, and the address without it.
 *
 * @param {string} href
 */
export function takeToken(href) {
  const url = new URL(href);
  return { token: url.searchParams.get("token") ?? "", bare: url.pathname };
}

/**
 * Sends what was filled in, and says what came of it.
 *
 * @param {typeof fetch} fetch
 * @param {string} call
 * @param {string} token
 * @param {Record<string, string>} fields
 * @param {RequestCredentials} credentials
 * @returns {Promise<Answer>}
 */
export async function send(fetch, call, token, fields, credentials = "omit") {
  const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
  try {
    const response = await post(fetch, call, { ...filled, token }, credentials);
    return read(response.ok, await response.text());
  } catch {
    return { done: false, sentence: UNREACHABLE };
  }
}

/**
 * @param {typeof fetch} fetch
 * @param {string} call
 * @param {Record<string, string>} body
 * @param {RequestCredentials} credentials
 */
function post(fetch, call, body, credentials) {
  const headers = { "Content-Type": "application/json" };
  return fetch(call, { method: "POST", headers, body: JSON.stringify(body), credentials });
}

/**
 * Whose account a link is about, and what it needs besides: asked for without using the link up.
 *
 * @param {typeof fetch} fetch
 * @param {string} call
 * @param {string} token
 * @returns {Promise<{name: string, needs: string} | {sentence: string}>}
 */
export async function account(fetch, call, token) {
  try {
    const response = await post(fetch, call, { token }, "same-origin");
    const text = await response.text();
    if (!response.ok) return { sentence: read(false, text).sentence };
    const { username, display_name: shown, needs } = JSON.parse(text);
    if (typeof shown !== "string" || typeof needs !== "string") return { sentence: SENSELESS };
    return { name: typeof username === "string" ? `${shown} (${username})` : shown, needs };
  } catch {
    return { sentence: UNREACHABLE };
  }
}

/**
 * @param {boolean} done
 * @param {string} text
 * @returns {Answer}
 */
function read(done, text) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    return { done: false, sentence: SENSELESS };
  }
  const reasons = Object.values(answer?.fields ?? {});
  const next = done && typeof answer?.next === "string" ? { next: answer.next } : {};
  const sentence = done ? answer?.message : reasons.length > 0 ? reasons.join(" ") : answer?.error;
  return typeof sentence === "string" ? { done, sentence, ...next } : { done: false, sentence: SENSELESS };
}

/**
 * Brings a page to life.
 *
 * @param {Document} page
 * @param {Location} location
 * @param {History} history
 */
export function start(page, location, history) {
  const { token, bare } = takeToken(location.href);
  const asked = new URL(location.href).searchParams;
  history.replaceState(null, "", bare);
  const form = /** @type {HTMLFormElement} */ (page.querySelector("form"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const answer = /** @type {HTMLElement} */ (page.getElementById("answer"));
  const { call = "", account: named, linking } = form.dataset;
  // Whoever is signed in to the account needs no secret of it; what is to be linked lies in a cookie.
  const credentials = named || linking !== undefined ? "same-origin" : "omit";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const { done, sentence, next } = await send(fetch, call, token, fields, credentials);
    say(answer, sentence, done);
    form.hidden = done;
    button.disabled = false;
    if (next) location.assign(next);
  });
  if (linking !== undefined) showLinking(form, asked.get("provider") ?? "", asked.get("needs") ?? "");
  return named ? nameAccount(form, answer, named, token) : Promise.resolve();
}

/**
 * Says in a form whose account it is about, and asks for what is needed besides the link.
 *
 * @param {HTMLFormElement} form
 * @param {HTMLElement} answer
 * @param {string} call
 * @param {string} token
 */
async function nameAccount(form, answer, call, token) {
  const found = await account(fetch, call, token);
  if ("sentence" in found) return say(answer, found.sentence, false);
  show(form, found.name, found.needs);
}

const PROVIDERS = new Map([["google", "Google"], ["facebook", "Facebook"]]);

/**
 * Asks for the secret of the account that is to be linked with a provider.
 *
 * @param {HTMLFormElement} form
 * @param {string} provider
 * @param {string} needs
 */
function showLinking(form, provider, needs) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  button.hidden = needs === "reset";
  show(form, PROVIDERS.get(provider) ?? "…", needs);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @param {string} needs
 */
function show(form, name, needs) {
  /** @type {HTMLElement} */ (form.querySelector("[data-name]")).textContent = name;
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-needs]"))) {
    part.hidden = part.dataset.needs !== needs;
  }
  form.hidden = false;
}

/**
 * @param {HTMLElement} answer
 * @param {string} sentence
 * @param {boolean} done
 */
function say(answer, sentence, done) {
  answer.textContent = sentence;
  answer.className = done ? "" : "bad";
}

/** What the pages say, in German; their files say it in English. They stand alone, so they don't load the other pages' texts. */
export const GERMAN = {
  resetTitle: "Neues Passwort wählen · Parlor",
  resetHeading: "Neues Passwort wählen",
  resetWhat: "Du wirst überall abgemeldet. Hattest du einen Satz, ist er weg, wenn du keinen neuen wählst.",
  newPassword: "Neues Passwort",
  again: "Noch einmal dasselbe",
  newPhrase: "Neuer Satz, wenn du einen willst",
  change: "Ändern",
  verifyTitle: "E-Mail-Adresse bestätigen · Parlor",
  verifyHeading: "E-Mail-Adresse bestätigen",
  before: "Das Konto",
  after: "hat diese Adresse angegeben. Ist es deines, bestätige sie. Kennst du es nicht, schließ diese Seite: Dann geschieht nichts.",
  password: "Das Passwort des Kontos",
  phrase: "Der Satz des Kontos",
  session: "Melde dich erst in diesem Browser an, und öffne den Link dann noch einmal.",
  confirm: "Bestätigen",
  linkTitle: "Ist das dein Konto? · Parlor",
  linkHeading: "Ist das dein Konto?",
  linkBefore: "Hier gibt es ein Konto mit der Adresse, die du hast bei",
  linkAfter: "Ist es deines, sag dieses eine Mal sein Geheimnis: Danach meldest du dich auf beide Arten an.",
  linkReset: "Es hat noch kein Passwort: Wähle eines, als hättest du deines vergessen, und melde dich dann hier noch einmal an.",
  linkConfirm: "Anmelden",
  linkBack: "Lassen, und zurück",
};

/** Whether the visitor reads German: as they chose on the other pages, else as the browser asks. */
function readsGerman() {
  try {
    const chosen = localStorage.getItem("parlor.language");
    if (chosen) return chosen === "de";
  } catch {}
  const known = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === "de" || tag === "en");
  return known === "de";
}

/** @param {Document} page */
function translate(page) {
  page.documentElement.lang = "de";
  for (const part of page.querySelectorAll("[data-t]")) {
    part.textContent = GERMAN[/** @type {keyof typeof GERMAN} */ (part.getAttribute("data-t"))];
  }
}

if (typeof document !== "undefined") {
  if (readsGerman()) translate(document);
  start(document, location, history);
}
