/**
 * The pages that mailed links open: nothing is changed before the form is sent, so that programs which look into every link
 * use none up. The token goes from the address into memory, and from there to the call alone.
 */

/**
 * @typedef {object} Answer
 * @property {boolean} done
 * @property {string} sentence  for the person
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
  const sentence = done ? answer?.message : reasons.length > 0 ? reasons.join(" ") : answer?.error;
  return typeof sentence === "string" ? { done, sentence } : { done: false, sentence: SENSELESS };
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
  history.replaceState(null, "", bare);
  const form = /** @type {HTMLFormElement} */ (page.querySelector("form"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const answer = /** @type {HTMLElement} */ (page.getElementById("answer"));
  const { call = "", account: named } = form.dataset;
  // Whoever is signed in to the account needs no secret of it.
  const credentials = named ? "same-origin" : "omit";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const { done, sentence } = await send(fetch, call, token, fields, credentials);
    say(answer, sentence, done);
    form.hidden = done;
    button.disabled = false;
  });
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
  /** @type {HTMLElement} */ (form.querySelector("[data-name]")).textContent = found.name;
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-needs]"))) {
    part.hidden = part.dataset.needs !== found.needs;
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

if (typeof document !== "undefined") start(document, location, history);
