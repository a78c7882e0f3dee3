/**
 * What a frame from the feed means. The text itself is always kept as it came.
 *
 * @typedef {{kind: "heartbeat", text: string}
 *   | {kind: "play", text: string, mediaId: string}
 *   | {kind: "json", text: string}
 *   | {kind: "text", text: string}
 *   | {kind: "gap", text: string}} Frame  `gap` never comes from the server: the page notes with it what it missed
 *
 * @typedef {{kind: "key" | "string" | "number" | "literal" | "plain", text: string}} JsonToken
 */

/** What the server sends every ten seconds. */
export const HEARTBEAT = "[ping] Server heartbeat";

const MEDIA_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * @param {string} text
 * @returns {Frame}
 */
export function readFrame(text) {
  if (text === HEARTBEAT) return { kind: "heartbeat", text };
  const value = parseContainer(text);
  if (value === null) return { kind: "text", text };
  const { action, value: id } = /** @type {any} */ (value);
  if (action === "PLAY" && typeof id === "string" && MEDIA_ID.test(id)) {
    return { kind: "play", text, mediaId: id.toLowerCase() };
  }
  return { kind: "json", text };
}

/**
 * A JSON object or array, or null: a bare number or word is more likely somebody's text.
 * @param {string} text
 * @returns {object | null}
 */
function parseContainer(text) {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
/** Deeper levels are not indented further, or a few kilobytes of brackets would become megabytes of blanks. */
const DEEPEST = 16;

/** An object or array that takes no more than this stays on one line; it fits a phone's width. */
const SHORT = 40;

/**
 * Valid JSON, laid out for reading. It is the layout alone that changes: numbers, escapes and repeated keys
 * stay letter for letter, which parsing and printing again would not promise.
 * @param {string} text
 * @returns {JsonToken[]}
 */
export function layOutJson(text) {
  const tokens = text.match(TOKEN) ?? [];
  const ends = shortContainers(tokens);
  /** @type {JsonToken[]} */
  const laidOut = [];
  let depth = 0;
  /** Up to this token everything stays on one line. */
  let flatUntil = -1;
  const line = () => `\n${"  ".repeat(Math.min(depth, DEEPEST))}`;
  const plain = (/** @type {string} */ piece) => laidOut.push({ kind: "plain", text: piece });
  tokens.forEach((token, index) => {
    if (index > flatUntil) flatUntil = ends.get(index) ?? flatUntil;
    const flat = index <= flatUntil;
    if (isOpening(token)) {
      depth += 1;
      plain(flat ? token : token + line());
    } else if (isClosing(token)) {
      depth -= 1;
      plain(flat ? token : line() + token);
    } else if (token === ",") plain(flat ? ", " : token + line());
    else if (token === ":") plain(": ");
    else laidOut.push({ kind: kindOf(token, tokens[index + 1]), text: token });
  });
  return laidOut;
}

/**
 * The objects and arrays that fit on one line: from the token that opens each to the one that closes it.
 * @param {string[]} tokens
 * @returns {Map<number, number>}
 */
function shortContainers(tokens) {
  const ends = new Map();
  /** @type {{index: number, from: number}[]} */
  const open = [];
  let width = 0;
  tokens.forEach((token, index) => {
    if (isOpening(token)) open.push({ index, from: width });
    width += token === "," || token === ":" ? 2 : token.length;
    if (!isClosing(token)) return;
    const opened = open.pop();
    if (opened && width - opened.from <= SHORT) ends.set(opened.index, index);
  });
  return ends;
}

/** @param {string | undefined} token */
const isClosing = (token) => token === "}" || token === "]";
/** @param {string | undefined} token */
const isOpening = (token) => token === "{" || token === "[";

/**
 * @param {string} token
 * @param {string | undefined} next
 * @returns {JsonToken["kind"]}
 */
function kindOf(token, next) {
  if (token.startsWith('"')) return next === ":" ? "key" : "string";
  return /^[-\d]/.test(token) ? "number" : "literal";
}
