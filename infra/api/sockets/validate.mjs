/** Holds an AsyncAPI document against AsyncAPI's own schema, and its examples against theirs: node validate.mjs <file> */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import Ajv from "ajv";
import addFormats from "ajv-formats";

const document = JSON.parse(await readFile(process.argv[2], "utf8"));
const official = createRequire(import.meta.url)(`@asyncapi/specs/schemas/${document.asyncapi}-without-$id.json`);
const problems = [];
let examples = 0;

const ofDocuments = validator();
if (!ofDocuments.validate(official, document)) problems.push(...worded("the document", ofDocuments.errors));

for (const [name, { payload, examples: all }] of Object.entries(document.components.messages)) {
  const check = validator().compile({ allOf: [payload], components: document.components });
  for (const example of all) {
    examples += 1;
    if (!check(example.payload)) problems.push(...worded(name, check.errors));
  }
}

if (examples < 50) problems.push(`only ${examples} examples`);
console.log(problems.length > 0 ? problems.join("\n") : `valid AsyncAPI ${document.asyncapi}, with ${examples} examples`);
process.exitCode = problems.length > 0 ? 1 : 0;

function validator() {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, formats: { int32: true, int64: true, double: true } });
  addFormats(ajv);
  return ajv;
}

function worded(what, errors) {
  return errors.map(({ instancePath, message }) => `${what}${instancePath}: ${message}`);
}
