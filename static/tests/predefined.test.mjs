import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { PREDEFINED } from "../feed/media.js";

const AUDIO = new URL("../../infra/audio/", import.meta.url);
const ROW = /^\| `([0-9a-f-]{36})` \| `(audio_test_\d\.mp3)` \| (\w+) \| [\d.]+ \| (\d+) \| `([0-9a-f]{64})` \|$/gm;

test("the page, the table of tunes and the files agree", async () => {
  const rows = [...(await readFile(new URL("README.md", AUDIO), "utf8")).matchAll(ROW)];
  assert.deepEqual(rows.map(([, mediaId, , title]) => ({ mediaId, title })), PREDEFINED);
  for (const [, , file, , bytes, sha256] of rows) {
    const content = await readFile(new URL(file, AUDIO));
    assert.equal(content.length, Number(bytes), file);
    assert.equal(createHash("sha256").update(content).digest("hex"), sha256, file);
  }
});
