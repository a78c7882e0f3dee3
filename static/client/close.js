/**
 * Why a socket ended, and whether coming back makes sense.
 *
 * @typedef {{code: number, reason: string}} Closed
 * @typedef {"by itself" | "after approval" | "after signing in" | "never"} ComingBack
 */

/** Codes after which trying again by oneself would only be refused again. @type {Record<number, ComingBack>} */
const FINAL = {
  4001: "after signing in",
  4002: "never",
  4003: "after approval",
  4005: "never",
  4009: "after signing in",
  4010: "never",
  4011: "never",
};

/** What a refusal over HTTP would have been as the close of a socket. @type {Record<string, number>} */
const CLOSES = {
  UNAUTHENTICATED: 4001,
  NO_SUCH_ROOM: 4002,
  NOT_APPROVED: 4003,
  ORIGIN_NOT_ALLOWED: 4003,
  ROOM_CLOSED: 4005,
  SESSION_ENDED: 4009,
  BANNED: 4010,
};

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
 * What has to happen before a client may come back after this code.
 * @param {number} code
 * @returns {ComingBack}
 */
export const comingBack = (code) => FINAL[code] ?? "by itself";

/**
 * Whether a client should come back by itself after this code.
 * @param {number} code
 */
export const mayReconnect = (code) => comingBack(code) === "by itself";

/**
 * A request that was to prepare a socket failed: the close that the socket would have met.
 * @param {{status?: number, code?: string, message?: string}} error
 * @returns {Closed}
 */
export function codeOfRefusal({ status = 0, code = "", message = "" }) {
  const known = CLOSES[code] ?? (status === 401 ? 4001 : undefined);
  return known ? { code: known, reason: code || "UNAUTHENTICATED" } : { code: 1006, reason: code || message };
}

/**
 * The close that a frame announces. API Gateway closes with codes of its own, so what the server means comes before, as an `ERROR`.
 * @param {unknown} data
 * @returns {Closed | null}
 */
export function announcedBy(data) {
  if (typeof data !== "string" || !data.includes('"close"')) return null;
  try {
    const { type, code, close } = JSON.parse(data);
    return type === "ERROR" && Number.isInteger(close) ? { code: close, reason: String(code) } : null;
  } catch {
    return null;
  }
}

/**
 * A sentence for a person; the bare code and reason stay readable behind it.
 * @param {Closed} closed
 */
export function explainClose({ code, reason }) {
  const sentence = code === 4003 && reason === "NOT_APPROVED" ? "You are not a member of this room." : SENTENCES[code];
  return `${sentence ?? "The connection was closed."} (${reason ? `${code}: ${reason}` : code})`;
}
