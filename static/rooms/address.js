/**
 * Where rooms are: `room.html#CODE`, and `room.html#invitation=TOKEN`. What stands behind the # is for the page alone: any
 * store of files can serve the page as it is, and no log sees a code or a token.
 */

/** @param {string} code */
export const roomAddress = (code) => `./room.html#${encodeURIComponent(code)}`;

/**
 * What a room's address names.
 * @param {string} hash
 * @returns {{code?: string, invitation?: string}}
 */
export function readAddress(hash) {
  const text = hash.replace(/^#\/?/, "");
  const invitation = new URLSearchParams(text).get("invitation");
  if (invitation) return { invitation };
  const code = decoded(text);
  return isCode(code) ? { code } : {};
}

/**
 * The room that a person means: its code, or any link to it that they have pasted.
 * @param {string} text
 * @returns {{code?: string, invitation?: string}}
 */
export function readWish(text) {
  const wish = text.trim();
  const hash = wish.indexOf("#");
  if (hash >= 0) return readAddress(wish.slice(hash));
  const last = wish.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return isCode(last) ? { code: last } : {};
}

/** @param {string} text */
const isCode = (text) => /^[A-Za-z0-9_-]{1,64}$/.test(text);

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
