/**
 * What is in a text: words, links and names of people.
 *
 * @typedef {{kind: "text" | "link" | "mention", text: string, id?: number}} Piece
 * @typedef {{id: number, name: string}} Named
 */

const LINK = /\bhttps?:\/\/[^\s<>"'`]+/gi;
/** What ends a sentence rather than an address. */
const AFTER = /[.,;:!?)\]}'"]+$/;

/**
 * @param {string} text
 * @param {Named[]} people  whom the message names
 * @returns {Piece[]}
 */
export function pieces(text, people = []) {
  /** @type {Piece[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = withoutEnd(match[0]);
    if (!URL.canParse(address)) continue;
    found.push(...named(text.slice(end, match.index), people), { kind: "link", text: address });
    end = match.index + address.length;
  }
  found.push(...named(text.slice(end), people));
  return found.filter(({ text: part }) => part !== "");
}

/** A closing bracket belongs to an address that opens one. @param {string} address */
function withoutEnd(address) {
  const bare = address.replace(AFTER, "");
  return address[bare.length] === ")" && bare.includes("(") ? `${bare})` : bare;
}

/** @param {string} text @param {Named[]} people @returns {Piece[]} */
function named(text, people) {
  const longestFirst = [...people].sort((a, b) => b.name.length - a.name.length);
  /** @type {Piece[]} */
  const found = [];
  let plain = "";
  for (let at = 0; at < text.length;) {
    const person = text[at] === "@" ? longestFirst.find(({ name }) => text.startsWith(name, at + 1)) : undefined;
    if (!person) {
      plain += text[at++];
      continue;
    }
    found.push({ kind: "text", text: plain }, { kind: "mention", text: `@${person.name}`, id: person.id });
    plain = "";
    at += person.name.length + 1;
  }
  return [...found, { kind: "text", text: plain }];
}

/** Whom a text names, among those who are there. @param {string} text @param {Named[]} people */
export function mentionsIn(text, people) {
  const ids = pieces(text, people).flatMap(({ id }) => (id === undefined ? [] : [id]));
  return [...new Set(ids)];
}

/**
 * The beginning of a name that is being typed at this place, if one is.
 * @param {string} text
 * @param {number} caret
 * @returns {{from: number, beginning: string} | null}
 */
export function mentionAt(text, caret) {
  const match = text.slice(0, caret).match(/(?:^|\s)@([^\s@]{0,32}(?: [^\s@]{0,32})?)$/u);
  return match ? { from: caret - match[1].length - 1, beginning: match[1] } : null;
}

/** Those whose name begins so, or has a word that does. @param {Named[]} people @param {string} beginning */
export function matching(people, beginning) {
  const wanted = beginning.toLocaleLowerCase();
  const rank = (/** @type {Named} */ { name }) => (name.toLocaleLowerCase().startsWith(wanted) ? 0 : 1);
  const found = people.filter(({ name }) => name.toLocaleLowerCase().split(/\s+/).some((word) => word.startsWith(wanted)) || name.toLocaleLowerCase().startsWith(wanted));
  return found.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name)).slice(0, 6);
}
