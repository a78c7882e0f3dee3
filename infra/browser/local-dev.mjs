// The real binary, on free ports and an empty store.

import { spawn } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A server that is up. */
export class LocalDev {
  /** Starts one; the same store and port again if they are given. */
  static async start(store, port = 0) {
    const folder = store ?? (await mkdtemp(join(tmpdir(), "parlor-")));
    const options = ["--port", String(port), "--feed-port", "0", "--store", folder, "--heartbeat-seconds", "1"];
    const process_ = spawn(process.env.LOCAL_DEV, options, { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface({ input: process_.stdout })) {
      const url = line.match(/http:\/\/localhost:(\d+)\//);
      if (url) {
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
    this.process_.kill("SIGTERM");
    await ended;
  }
}
