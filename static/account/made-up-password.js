/**
 * A password that can be said aloud: four words of five letters that mean nothing.
 */

const CONSONANTS = "bdfgklmnprstvz";
const VOWELS = "aeiou";
/** Some 16 bits each. */
const WORDS = 4;

/** @param {(bytes: Uint8Array) => Uint8Array} [random]  fills bytes at random */
export function madeUpPassword(random = (bytes) => crypto.getRandomValues(bytes)) {
  return Array.from({ length: WORDS }, () => [CONSONANTS, VOWELS, CONSONANTS, VOWELS, CONSONANTS].map((letters) => one(letters, random)).join("")).join("-");
}

/** Each letter as likely as the others: bytes that would favour some are thrown away. @param {string} letters @param {(bytes: Uint8Array) => Uint8Array} random */
function one(letters, random) {
  const fair = 256 - (256 % letters.length);
  for (;;) {
    const [byte] = random(new Uint8Array(1));
    if (byte < fair) return letters[byte % letters.length];
  }
}
