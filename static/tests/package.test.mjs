import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const HERE = fileURLToPath(new URL("../", import.meta.url));

test("the client is imported by its package's name", async () => {
  const { comingBack, Parlor, RequestError } = await import("parlor-client");
  const parlor = new Parlor("https://parlor.example/", { fetch: async () => new Response("[]") });
  assert.deepEqual(await parlor.rooms.listed(), []);
  assert.equal(parlor.socketBase, "wss://parlor.example");
  assert.equal(comingBack(4010), "never");
  assert.ok(new RequestError("x") instanceof Error);
});

test("the package holds the client, its types and nothing of the pages", (context) => {
  const packed = spawnSync("npm", ["pack", "--dry-run", "--json", "--offline"], { cwd: HERE, encoding: "utf8" });
  if (packed.error) return context.skip("there is no npm here");
  const [{ files, name }] = JSON.parse(packed.stdout);
  const paths = files.map(({ path }) => path);
  assert.equal(name, "parlor-client");
  for (const path of ["parlor.js", "parlor.d.ts", "client/channel.js", "watch/clock.js", "package.json"]) assert.ok(paths.includes(path), path);
  const strange = paths.filter((path) => !/^(parlor\.(js|d\.ts)|client\/[\w-]+\.js|watch\/clock\.js|package\.json)$/.test(path));
  assert.deepEqual(strange, []);
});

test("all that the package's modules import is in the package", async () => {
  const { files } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
  const found = new Set(["parlor.js"]);
  for (const name of found) {
    const code = await readFile(new URL(`../${name}`, import.meta.url), "utf8");
    for (const [, imported] of code.matchAll(/(?:from |import\()"(\.[^"]+)"/g)) found.add(new URL(imported, new URL(name, "x:/")).pathname.slice(1));
  }
  assert.ok(found.size > 10);
  for (const name of found) assert.ok(files.some((listed) => name === listed || name.startsWith(listed) && listed.endsWith("/")), name);
});
