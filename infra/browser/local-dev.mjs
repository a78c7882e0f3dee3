// The real binary, on free ports and an empty store: with the handlers in its process, or in front of the functions of the template.

import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Whether the functions answer: where their binaries are. Their table lasts as long as their server does. */
export const FUNCTIONS = process.env.FUNCTIONS_FOLDER;

/** For scenarios that are not tried on the functions. @param {string} why */
export const notOnFunctions = (why) => ({ skip: FUNCTIONS ? why : false });

/** What is run, and what it is told first. */
function program() {
  const { LOCAL_DEV, AROUND_FUNCTIONS, TEMPLATE } = process.env;
  return FUNCTIONS ? [AROUND_FUNCTIONS, LOCAL_DEV, FUNCTIONS, "--template", TEMPLATE] : [LOCAL_DEV, "--heartbeat-seconds", "1"];
}

/** A server that is up. */
export class LocalDev {
  /** Starts one; the same store and port again if they are given. */
  static async start(store, port = 0, more = []) {
    const folder = store ?? (await mkdtemp(join(tmpdir(), "parlor-")));
    const [file, ...first] = program();
    const options = [...first, "--port", String(port), "--feed-port", "0", "--store", folder, ...more];
    // Of a group of its own where there are several processes, so that all of them end together.
    const process_ = spawn(file, options, { stdio: ["ignore", "pipe", "inherit"], detached: Boolean(FUNCTIONS) });
    let url;
    for await (const line of createInterface({ input: process_.stdout })) {
      url ??= line.match(/http:\/\/localhost:(\d+)\//);
      if (url && /Ctrl-C/.test(line)) {
        process_.stdout.resume();
        return new LocalDev(process_, folder, url[0], Number(url[1]));
      }
    }
    throw new Error("local-dev ended before it was up");
  }

  constructor(process_, store, url, port) {
    Object.assign(this, { process_, store, url, port });
  }

  /** Drops a message for everyone on the feed. */
  drop(name, text) {
    return writeFile(join(this.store, "websocket_messages", name), text);
  }

  /** Ends it, and waits until it has. */
  async stop() {
    const ended = new Promise((resolve) => this.process_.once("exit", resolve));
    if (FUNCTIONS) process.kill(-this.process_.pid, "SIGINT");
    else this.process_.kill("SIGTERM");
    await ended;
  }
}
