import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { fields, groups, resolve, typeName } from "../docs/document.js";
import { channels, closeCodes, messages } from "../docs/sockets.js";

const HERE = new URL("../docs/", import.meta.url);
const read = (name) => readFile(new URL(name, HERE), "utf8");
const modules = (await readdir(HERE)).filter((name) => name.endsWith(".js"));
const html = await read("index.html");
const described = JSON.parse(await read("../../shared/src/inbound/http/openapi.json"));
const sockets = JSON.parse(await read("../../shared/src/inbound/http/asyncapi/asyncapi.json"));
const shown = groups(described, "http://localhost:8000");
const calls = shown.flatMap((group) => group.calls);
const named = (id) => calls.find((call) => call.id === id);

test("every call of the document is shown once, under a name of its own", () => {
  const count = Object.values(described.paths).flatMap((item) => Object.keys(item)).length;
  assert.ok(count >= 19);
  assert.equal(calls.length, count);
  assert.equal(new Set(calls.map(({ id }) => id)).size, count);
  for (const { summary, answers, id } of calls) assert.ok(summary && answers.length > 0, id);
});

test("a call has its parameters, its bodies with their fields, its answers with theirs", () => {
  const login = named("sign_in_by_username");
  assert.equal(login.credentials, "");
  assert.equal(login.bodies.length, 1, "content types that mean the same are one");
  assert.match(login.bodies[0].type, /^application\/json, application\/x-www-form-urlencoded, multipart\/form-data$/);
  const username = login.bodies[0].fields.find(({ name }) => name === "username");
  assert.deepEqual([username.type, username.required], ["string", true]);
  const tokens = login.answers.find(({ status }) => status === "200");
  assert.ok(tokens.bodies[0].fields.some(({ name, type }) => name === "user.role" && type === '"member" or "admin"'));
  assert.ok(tokens.headers.some(({ name, about }) => name === "RateLimit-Remaining" && about));
  assert.ok(login.answers.some(({ status, bodies }) => status === "413" && bodies[0].fields.some(({ name }) => name === "code")));
  const media = named("download_medium");
  assert.deepEqual(media.parameters.filter(({ required }) => required).map(({ name, place }) => [name, place]), [["media_id", "query"]]);
  assert.equal(media.credentials, "Signed in, by Authorization: Bearer or ?token= or the session cookie");
  assert.match(named("sign_out").credentials, /^May be signed in/);
  assert.ok(named("find_people").answers[0].bodies[0].fields.some(({ name }) => name === "[].id"));
});

test("the lines to try are what a shell takes", () => {
  const lines = {
    health: "curl 'http://localhost:8000/health/'",
    sign_in_as_guest:
      `curl -X POST 'http://localhost:8000/api/auth/guest/' -H 'Content-Type: application/json' -d '{"display_name":"Ann"}'`,
    sign_in_by_username:
      `curl -X POST 'http://localhost:8000/api/login/' -H 'Content-Type: application/json' -d '{"username":"ann","phrase":"plum amber kettle"}'`,
    show_profile: `curl 'http://localhost:8000/api/user-profile/' -H "Authorization: Bearer $TOKEN"`,
    upload_medium: `curl -X POST 'http://localhost:8000/media_post/' -H "Authorization: Bearer $TOKEN" -F 'file=@song.mp3'`,
    download_medium:
      `curl 'http://localhost:8000/media_get/?media_id=904cb473-5d17-4885-9363-46f466a7d140' -H "Authorization: Bearer $TOKEN"`,
    download_medium_by_name: "curl 'http://localhost:8000/media/FILENAME'",
  };
  for (const [id, line] of Object.entries(lines)) assert.equal(named(id).curl, line);
  const quoting = { paths: { "/it's/": { get: { operationId: "x", tags: ["T"], responses: {} } } }, tags: [{ name: "T" }] };
  assert.equal(groups(quoting, "")[0].calls[0].curl, `curl '/it'\\''s/'`);
});

test("every kind of socket is shown with all that is said and heard there, and every message has its fields and an example", () => {
  const all = channels(sockets);
  assert.deepEqual(all.map(({ address }) => address),
    ["/", "/ws/chat/", "/ws/chat/{room}/", "/ws/conversations/{id}/", "/ws/room/{code}/"]);
  const [feed, , chat, , watch] = all;
  assert.equal(feed.credentials, "Anybody");
  assert.equal(watch.credentials, "Signed in, by Authorization: Bearer or Sec-WebSocket-Protocol or ?token=");
  assert.deepEqual(feed.says.flatMap((exchange) => exchange.messages), [{ id: "client.ping", name: "ping" }]);
  assert.equal(chat.hears.length, 3, "what is heard depends on what the client asked for");
  const [said, heard] = [messages(sockets, "client"), messages(sockets, "server")];
  const ids = new Set([...said, ...heard].map(({ id }) => id));
  assert.equal(ids.size, said.length + heard.length);
  const exchanged = all.flatMap(({ says, hears }) => [...says, ...hears]).flatMap((exchange) => exchange.messages);
  for (const { id } of exchanged) assert.ok(ids.delete(id) || exchanged.some((other) => other.id === id), id);
  assert.deepEqual([...ids], [], "a message that nobody says");
  for (const { id, summary, examples } of [...said, ...heard]) assert.ok(summary && examples.length > 0, id);
  const typing = heard.find(({ id }) => id === "server.typing");
  for (const name of ["type", "is_typing", "room", "sender.photo"]) assert.ok(typing.fields.some((field) => field.name === name), name);
  assert.equal(heard.find(({ id }) => id === "server.feed.heartbeat").examples[0], "[ping] Server heartbeat");
});

test("every reason for a close is shown", () => {
  const codes = closeCodes(sockets);
  assert.ok(codes.length >= 11);
  assert.deepEqual(codes[0], { close: "4003", status: "403", code: "ORIGIN_NOT_ALLOWED", message: "This site may not connect.", reconnect: "no" });
  assert.deepEqual([channels({}), messages({}, "client"), closeCodes({})], [[], [], []]);
});

test("types read well, and what a document leaves out is nothing", () => {
  const types = [
    [{ type: "string" }, "string"], [{ type: ["string", "null"] }, "string or null"], [{ type: "integer", format: "int64" }, "integer"],
    [{ type: "string", format: "uuid" }, "string (uuid)"], [{ type: "array", items: { type: "integer" } }, "list of integer"],
    [{ oneOf: [{ type: "null" }, { type: "boolean" }] }, "null or boolean"], [{}, "anything"], [{ $ref: "#/nowhere" }, "anything"],
  ];
  for (const [schema, words] of types) assert.equal(typeName({}, schema), words);
  assert.deepEqual(groups({}, ""), []);
  assert.deepEqual(resolve({ a: { b: { c: 1 } } }, { $ref: "#/a/b" }), { c: 1 });
});

test("a type that holds itself is shown to a depth", () => {
  const document = { node: { type: "object", properties: { next: { $ref: "#/node" } } } };
  assert.deepEqual(fields(document, { $ref: "#/node" }).map(({ name }) => name), ["next", "next.next", "next.next.next"]);
});

test("nothing is inline and nothing comes from elsewhere, as the content security policy demands", async () => {
  assert.doesNotMatch(html, /\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:/i);
  for (const [, address] of html.matchAll(/\b(?:src|href)="([^"]+)"/g)) assert.match(address, /^(\.{1,2}\/|#)/);
  assert.doesNotMatch(await read("docs.css"), /@import|url\(|#[0-9a-f]{3,8}\b(?=.*[;}])/i);
});

test("no module can turn text into markup or code, and every one that is imported is there", async () => {
  assert.ok(modules.length >= 4);
  for (const name of modules) {
    const code = await read(name);
    assert.doesNotMatch(code, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
    for (const [, imported] of code.matchAll(/from "([^"]+)"/g)) await read(imported);
  }
});

test("every element that the page asks for is in it, and every id there is unique", async () => {
  const ids = [...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const [, id] of (await read("docs.js")).matchAll(/byId\("([^"]+)"\)/g)) assert.ok(ids.includes(id), id);
});
