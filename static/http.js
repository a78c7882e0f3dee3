/**
 * Errors of the HTTP API as sentences for a person.
 */

/** A request that was answered with an error, or not at all. */
export class RequestError extends Error {
  /**
   * @param {string} sentence
   * @param {{status?: number, code?: string, fields?: Record<string, string>}} [details]  status 0: there was no answer
   */
  constructor(sentence, { status = 0, code = "", fields = {} } = {}) {
    super(sentence);
    this.name = "RequestError";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** The request never reached the server, or its answer never came back. */
export const unreachable = () => new RequestError("The server can't be reached. Check the connection and try again.");

/**
 * @param {number} status
 * @param {string} body
 * @returns {RequestError}
 */
export function errorFrom(status, body) {
  const answer = parseObject(body);
  const sentence = typeof answer.error === "string" && answer.error ? answer.error : fallback(status);
  const code = typeof answer.code === "string" ? answer.code : "";
  return new RequestError(sentence, { status, code, fields: textsOf(answer.fields) });
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
