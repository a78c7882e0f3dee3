import assert from "node:assert/strict";
import { test } from "node:test";
import { layOutJson, readFrame } from "../feed/frame.js";

const ID = "904cb473-5d17-4885-9363-46f466a7d140";
const laidOut = (text) => layOutJson(text).map((token) => token.text).join("");

test("a heartbeat is a heartbeat only when it is exactly one", () => {
  assert.equal(readFrame("[ping] Server heartbeat").kind, "heartbeat");
  assert.equal(readFrame("[ping] Server heartbeat ").kind, "text");
});

test("a PLAY action with a media id is playable, and keeps its text", () => {
  const text = `{ "action": "PLAY",  "value": "${ID.toUpperCase()}" }`;
  assert.deepEqual(readFrame(text), { kind: "play", text, mediaId: ID });
});

test("anything else that is an object or array is JSON", () => {
  const texts = [`{"action":"PLAY","value":"no id"}`, `{"action":"PLAY","value":7}`, `{"action":"STOP","value":"${ID}"}`, " [1]", "{}", "[null]"];
  for (const text of texts) assert.deepEqual(readFrame(text), { kind: "json", text });
});

test("bare values and broken JSON are somebody's text", () => {
  for (const text of ["42", '"hello"', "null", "", "{not json", "[1,]", "{}{}"]) {
    assert.deepEqual(readFrame(text), { kind: "text", text });
  }
});

test("what is short stays on one line, what holds it is indented", () => {
  assert.equal(laidOut(' { "a":[1,{}],"b":[] }'), '{"a": [1, {}], "b": []}');
  const long = "x".repeat(40);
  assert.equal(laidOut(`{"a":["${long}",[1,{"b":2}]],"c":{}}`),
    `{\n  "a": [\n    "${long}",\n    [1, {"b": 2}]\n  ],\n  "c": {}\n}`);
});

test("one line holds forty characters and no more", () => {
  const just = "y".repeat(36);
  assert.equal(laidOut(`["${just}"]`), `["${just}"]`);
  assert.equal(laidOut(`["${just}y"]`), `[\n  "${just}y"\n]`);
});

test("layout leaves the meaning alone, brackets and quotes in strings included", () => {
  const value = { s: 'a "quoted" {,:} \\ text', n: [-1.5, 0, true, false, null], deep: { er: [[], {}, "]}".repeat(30)] } };
  assert.deepEqual(JSON.parse(laidOut(JSON.stringify(value))), value);
});

test("layout keeps big numbers, escapes and repeated keys letter for letter", () => {
  assert.equal(laidOut('{"n":18446744073709551615,"n":1.0e2,"u":"\\u00e4"}'),
    '{\n  "n": 18446744073709551615,\n  "n": 1.0e2,\n  "u": "\\u00e4"\n}');
});

test("tokens say what they are", () => {
  const kinds = layOutJson('{"k":["v",-1,true]}').filter(({ kind }) => kind !== "plain").map(({ kind, text }) => [kind, text]);
  assert.deepEqual(kinds, [["key", '"k"'], ["string", '"v"'], ["number", "-1"], ["literal", "true"]]);
});

test("ten thousand brackets do not become megabytes of blanks", () => {
  const text = "[".repeat(10_000) + "1" + "]".repeat(10_000);
  assert.ok(laidOut(text).length < text.length * 40);
});
