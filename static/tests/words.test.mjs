import assert from "node:assert/strict";
import { test } from "node:test";
import { matching, mentionAt, mentionsIn, pieces } from "../chat/words.js";
import { readAddress, readWish, roomAddress } from "../rooms/address.js";
import { playable, readSource, titleOf } from "../watch/source.js";

const PEOPLE = [{ id: 1, name: "Ann" }, { id: 2, name: "Ann (2)" }, { id: 3, name: "Zoë Brown" }];
const shown = (text, people) => pieces(text, people).map(({ kind, text: part }) => (kind === "text" ? part : `${kind}:${part}`));

test("links are found without what ends the sentence, and only http ones", () => {
  assert.deepEqual(shown("See https://a.example/x_(y), or (http://b.example)."), ["See ", "link:https://a.example/x_(y)", ", or (", "link:http://b.example", ")."]);
  assert.deepEqual(shown("javascript:alert(1) data:text/html,x ftp://x"), ["javascript:alert(1) data:text/html,x ftp://x"]);
  assert.deepEqual(shown('<img src=x onerror="https://a.example">'), ['<img src=x onerror="', "link:https://a.example", '">']);
});

test("names are found, the longest first", () => {
  assert.deepEqual(shown("@Ann (2), @Ann and @Zoë Brown!", PEOPLE), ["mention:@Ann (2)", ", ", "mention:@Ann", " and ", "mention:@Zoë Brown", "!"]);
  assert.deepEqual(mentionsIn("@Ann @Ann @Nobody", PEOPLE), [1]);
});

test("a name that is being typed is completed", () => {
  assert.deepEqual(mentionAt("hi @an", 6), { from: 3, beginning: "an" });
  assert.deepEqual(mentionAt("@", 1), { from: 0, beginning: "" });
  assert.equal(mentionAt("mail@an", 7), null);
  assert.equal(mentionAt("hi @an", 2), null);
  assert.deepEqual(matching(PEOPLE, "an").map(({ id }) => id), [1, 2]);
  assert.deepEqual(matching(PEOPLE, "bro").map(({ id }) => id), [3]);
});

test("a room's address is read back, whatever stands in it", () => {
  assert.deepEqual(readAddress(roomAddress("Kino-7").slice(11)), { code: "Kino-7" });
  assert.deepEqual(readAddress("#invitation=a%2Bb"), { invitation: "a+b" });
  for (const bad of ["", "#", "#a b", "#../x", "#%", "#<b>"]) assert.deepEqual(readAddress(bad), {}, bad);
});

test("whoever joins may paste a code or any link", () => {
  assert.deepEqual(readWish(" Kino-7 "), { code: "Kino-7" });
  assert.deepEqual(readWish("https://parlor.example/room.html#Kino-7"), { code: "Kino-7" });
  assert.deepEqual(readWish("https://parlor.example/room.html#invitation=tok"), { invitation: "tok" });
  assert.deepEqual(readWish("parlor.example/rooms/Kino-7/"), { code: "Kino-7" });
  assert.deepEqual(readWish("no code"), {});
});

test("what is watched is read from links, and nothing but https and YouTube is", () => {
  const video = { provider: "youtube", video_id: "dQw4w9WgXcQ" };
  for (const link of ["https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=4", "https://youtu.be/dQw4w9WgXcQ?si=x", "https://youtube.com/shorts/dQw4w9WgXcQ", "https://m.youtube.com/live/dQw4w9WgXcQ"]) {
    assert.deepEqual(readSource(link), video, link);
  }
  assert.deepEqual(readSource("https://x.example/film.mp4"), { url: "https://x.example/film.mp4" });
  assert.deepEqual(readSource("904cb473-5d17-4885-9363-46f466a7d140"), { media_id: "904cb473-5d17-4885-9363-46f466a7d140" });
  for (const bad of ["", "film", "http://x.example/film.mp4", "javascript:alert(1)", "https://www.youtube.com/@channel"]) assert.ok("problem" in readSource(bad), bad);
});

test("each item has a player and a title", () => {
  assert.deepEqual(playable({ provider: "youtube", video_id: "dQw4w9WgXcQ" }), { player: "youtube", source: "dQw4w9WgXcQ" });
  assert.equal(playable({ provider: "youtube", video_id: "../x?a=b" }), null);
  assert.equal(playable({ provider: "vimeo", video_id: "1" }), null);
  assert.equal(titleOf({ provider: "url", video_id: "https://x.example/a%20film.mp4?x", url: null }), "a film.mp4");
});
