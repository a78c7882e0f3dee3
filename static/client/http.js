/**
 * One call of the HTTP API, and its errors as sentences for a person.
 */

/** A request that was answered with an error, or not at all. */
export class RequestError extends Error {
  /**
   * @param {string} sentence
   * @param {{status?: number, code?: string, fields?: Record<string, string>, retryAfter?: number}} [details]  status 0: there was no answer
   */
  constructor(sentence, { status = 0, code = "", fields = {}, retryAfter = 0 } = {}) {
    super(sentence);
    this.retryAfter = retryAfter;
    this.name = "RequestError";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** The head that says who asks; with an empty token it is the browser's cookie that says so. @param {string | null} token @returns {Record<string, string>} */
export const bearer = (token) => (token ? { Authorization: `Bearer ${token}` } : {});

/** The request never reached the server, or its answer never came back. */
export const unreachable = () => new RequestError("The server can't be reached. Check the connection and try again.", { code: "UNREACHABLE" });

/**
 * @typedef {object} Call
 * @property {typeof fetch} fetch
 * @property {string} method
 * @property {string} url
 * @property {string | null} [token]
 * @property {object} [body]  sent as JSON, a form as it is
 * @property {AbortSignal} [signal]
 */

/**
 * @param {Call} call
 * @returns {Promise<{body: any, text: string, next: string | null}>}  `next` is where a list goes on
 * @throws {RequestError}
 */
export async function call({ fetch, method, url, token = null, body, signal }) {
  const headers = bearer(token);
  const isForm = typeof FormData !== "undefined" && body instanceof FormData;
  if (body && !isForm) headers["Content-Type"] = "application/json";
  const sent = isForm ? /** @type {FormData} */ (body) : body && JSON.stringify(body);
  const response = await fetch(url, { method, credentials: "include", headers, body: sent, signal }).catch(() => Promise.reject(unreachable()));
  const text = await response.text().catch(() => Promise.reject(unreachable()));
  if (!response.ok) throw errorFrom(response.status, text, response.headers?.get("Retry-After"));
  return { body: parseAny(text), text, next: nextOf(response.headers?.get("Link")) };
}

/** @param {string | null | undefined} link */
function nextOf(link) {
  return link?.match(/<([^>]*)>\s*;\s*rel="?next"?/)?.[1] ?? null;
}

/** @param {string} text */
function parseAny(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * @param {number} status
 * @param {string} body
 * @param {string | null} [retryAfter]  seconds
 * @returns {RequestError}
 */
export function errorFrom(status, body, retryAfter) {
  const answer = parseObject(body);
  const sentence = typeof answer.error === "string" && answer.error ? answer.error : fallback(status);
  const code = typeof answer.code === "string" ? answer.code : "";
  return new RequestError(sentence, { status, code, fields: textsOf(answer.fields), retryAfter: Number(retryAfter) || 0 });
}

/**
 * A JSON object, or an empty one: what stands between us and the server may answer with anything.
 * @param {string} body
 * @returns {Record<string, any>}
 */
export function parseObject(body) {
  try {
    const value = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** @param {number} status */
function fallback(status) {
  if (status === 401) return "Please sign in first.";
  if (status === 404) return "This does not exist.";
  if (status === 413) return "This file is too large.";
  if (status === 429) return "That was too often. Try again in a moment.";
  return status >= 500 ? `The server met an error (${status}).` : `The server refused this (${status}).`;
}

/**
 * @param {unknown} fields
 * @returns {Record<string, string>}
 */
function textsOf(fields) {
  if (typeof fields !== "object" || fields === null) return {};
  return Object.fromEntries(Object.entries(fields).map(([name, why]) => [name, String(why)]));
}
