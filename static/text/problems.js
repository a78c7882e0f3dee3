import { isText, language, t } from "./text.js";

/**
 * What went wrong, in the visitor's language. Servers say it in English, and there more exactly than a code can.
 */

/** @type {Record<number, string>} */
const BY_STATUS = { 401: "UNAUTHENTICATED", 404: "NOT_FOUND", 413: "TOO_LARGE", 429: "RATE_LIMITED", 500: "INTERNAL", 502: "UNAVAILABLE", 503: "UNAVAILABLE", 504: "UNAVAILABLE" };

/** @param {any} error  a `RequestError`, an `ERROR` frame, or anything that was thrown @returns {string} */
export function sentenceOf({ code = "", status = 0, message = "" }) {
  const key = `error.${code || (BY_STATUS[status] ?? "")}`;
  return language !== "en" && isText(key) ? t(key) : message;
}

/** The server has no codes for what is wrong with a field, so its sentences are looked up. @type {Record<string, () => Promise<{default: Record<string, string>}>>} */
const OF_FIELDS = { de: () => import("./de-server.js") };

/**
 * What was wrong with single fields, in the visitor's language; what is not known there stays as the server said it.
 * @param {Record<string, string>} [fields]
 * @returns {Promise<Record<string, string>>}
 */
export async function sentencesOf(fields = {}) {
  const known = Object.keys(fields).length === 0 ? undefined : await OF_FIELDS[language]?.().catch(() => undefined);
  return Object.fromEntries(Object.entries(fields).map(([name, why]) => [name, known?.default[why] ?? why]));
}

/** Why a socket ended; the bare code and reason stay readable behind it. @param {import("../client/close.js").Closed} closed */
export function closeSentence({ code, reason }) {
  const key = code === 4003 && reason === "NOT_APPROVED" ? "closed.notMember" : `closed.${code}`;
  return `${t(isText(key) ? key : "closed.other")} (${reason ? `${code}: ${reason}` : code})`;
}
