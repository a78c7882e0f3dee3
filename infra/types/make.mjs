// `node make.mjs <static> [--check]`: checks the types of all modules of the pages but the API's, and makes parlor.d.ts of the client's. It
// runs where its two programs are installed: `cargo xtask types` sees to that.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [folder, mode] = process.argv.slice(2);
const pages = resolve(folder);
const declared = join(pages, "parlor.d.ts");

/** One of the programs that are installed beside this file. */
function run(program, ...options) {
  try {
    return execFileSync(join(import.meta.dirname, "node_modules/.bin", program), options, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    console.error(`${error.stdout}${error.stderr}`);
    process.exit(1);
  }
}

const modules = readdirSync(pages, { recursive: true }).filter((name) => name.endsWith(".js") && !/^(tests|vendor|docs)\//.test(name));
const settings = join(import.meta.dirname, "tsconfig.json");
const work = mkdtempSync(join(import.meta.dirname, "work-"));
const config = join(work, "tsconfig.json");
try {
  writeFileSync(config, JSON.stringify({ extends: settings, compilerOptions: { noEmit: true }, files: modules.map((name) => join(pages, name)) }));
  run("tsc", "--project", config);
  const emit = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: join(work, "out"), rootDir: pages };
  writeFileSync(config, JSON.stringify({ extends: settings, compilerOptions: emit, files: [join(pages, "parlor.js")] }));
  run("tsc", "--project", config);
  const bundle = join(work, "parlor.d.ts");
  writeFileSync(config, JSON.stringify({ extends: settings, compilerOptions: { allowJs: false, checkJs: false }, files: [join(work, "out/parlor.d.ts")] }));
  run("dts-bundle-generator", "--silent", "--no-check", "--no-banner", "--project", config, "--export-referenced-types", "true", "-o", bundle, join(work, "out/parlor.d.ts"));
  const made = `// Made of the comments in parlor.js and client/ by \`cargo xtask types\`.\n\n${readFileSync(bundle, "utf8")}`;
  finish(made);
  tryExample();
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The guide's example, against the types that are handed out. */
function tryExample() {
  const guide = readFileSync(join(pages, "../infra/guides/javascript-client.md"), "utf8");
  const [, example] = guide.match(/```js\n([^]*?)```/);
  const file = join(work, "example.ts");
  writeFileSync(file, example.replace("http://localhost:8000/parlor.js", join(pages, "parlor.js")));
  writeFileSync(config, JSON.stringify({ extends: settings, compilerOptions: { allowJs: false, checkJs: false, noEmit: true }, files: [file] }));
  run("tsc", "--project", config);
}

/** @param {string} made */
function finish(made) {
  let known = "";
  try {
    known = readFileSync(declared, "utf8");
  } catch {}
  if (known === made) return console.log("parlor.d.ts is as it should be");
  if (mode === "--check") {
    console.error("parlor.d.ts is not what the client's comments say: run `cargo xtask types`");
    process.exitCode = 1;
    return;
  }
  writeFileSync(declared, made);
  console.log("parlor.d.ts is made anew");
}
