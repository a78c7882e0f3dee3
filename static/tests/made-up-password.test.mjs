import assert from "node:assert/strict";
import { test } from "node:test";
import { madeUpPassword } from "../account/made-up-password.js";

test("made-up passwords are four words, each another, with every letter about as often as the others", () => {
  const made = Array.from({ length: 2_000 }, () => madeUpPassword());
  assert.equal(new Set(made).size, made.length);
  const counts = new Map();
  for (const password of made) {
    assert.match(password, /^([bdfgklmnprstvz][aeiou]){2}[bdfgklmnprstvz](-([bdfgklmnprstvz][aeiou]){2}[bdfgklmnprstvz]){3}$/);
    for (const letter of password.replace(/[-aeiou]/g, "")) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  const expected = (2_000 * 12) / 14;
  for (const [letter, count] of counts) assert.ok(Math.abs(count - expected) < expected / 5, `${letter}: ${count}`);
});

test("a byte that would favour some letters is thrown away", () => {
  const bytes = [255, 254, 0];
  const random = (buffer) => {
    buffer[0] = bytes.length > 1 ? bytes.shift() : bytes[0];
    return buffer;
  };
  assert.equal(madeUpPassword(random), "babab-babab-babab-babab");
});
