/**
 * Why a socket ended, and whether coming back makes sense.
 *
 * @typedef {{code: number, reason: string}} Closed
 */

/** Codes after which trying again by oneself would only be refused again. */
const FINAL = new Set([4001, 4002, 4003, 4005, 4009, 4010, 4011]);

/** @type {Record<number, string>} */
const SENTENCES = {
  1000: "The server closed the connection.",
  1001: "The server is going away or the connection was idle for too long.",
  1006: "The connection broke off.",
  1009: "A message was too large.",
  1011: "The server met an error.",
  1012: "The server is restarting.",
  1013: "The server is overloaded.",
  4001: "This needs a sign-in.",
  4002: "There is nothing at this address.",
  4003: "This page's site is not allowed to connect.",
  4005: "The room was closed.",
  4008: "Too many messages were sent.",
  4009: "The session has ended.",
  4010: "You are banned here.",
  4011: "You were removed.",
  4013: "This connection was too slow to keep up.",
};

/**
 * Whether a client should come back by itself after this code.
 * @param {number} code
 */
export function mayReconnect(code) {
  return !FINAL.has(code);
}

/**
 * A sentence for a person; the bare code and reason stay readable behind it.
 * @param {Closed} closed
 */
export function explainClose({ code, reason }) {
  const sentence = SENTENCES[code] ?? "The connection was closed.";
  return `${sentence} (${reason ? `${code}: ${reason}` : code})`;
}
