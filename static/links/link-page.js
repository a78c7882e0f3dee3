/**
 * The pages that mailed links open: nothing happens before the form is sent, so that programs which look into every link
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
 * @returns {Promise<Answer>}
 */
export async function send(fetch, call, token, fields) {
  const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
  const body = JSON.stringify({ ...filled, token });
  try {
    const init = { method: "POST", headers: { "Content-Type": "application/json" }, body };
    const response = await fetch(call, { ...init, credentials: /** @type {const} */ ("omit") });
    return read(response.ok, await response.text());
  } catch {
    return { done: false, sentence: UNREACHABLE };
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
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    const { done, sentence } = await send(fetch, form.dataset.call ?? "", token, fields);
    answer.textContent = sentence;
    answer.className = done ? "" : "bad";
    form.hidden = done;
    button.disabled = false;
  });
}

if (typeof document !== "undefined") start(document, location, history);
