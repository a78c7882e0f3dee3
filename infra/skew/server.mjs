// The server, in a process of its own: shared/examples/skew_server. It lives in our time, call by call.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { EPOCH } from "./device.mjs";

export class Server {
  #process;
  #lines;
  #ended;

  /** @param {string} program @param {number} seed */
  constructor(program, seed) {
    this.#process = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
    this.#ended = new Promise((resolve) => this.#process.once("close", resolve));
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.#process.stdin.write(`${seed}\n`);
  }

  /**
   * Something happens: a socket opens or says something, or time has passed.
   * @param {number} now @param {{socket?: string, text?: string}} [happening]
   * @returns {Promise<{frames: {socket: string, text: string}[], next: number | null}>}
   */
  async call(now, happening = {}) {
    const at = Math.round((EPOCH + now) * 1000);
    this.#process.stdin.write(`${JSON.stringify({ at, ...happening })}\n`);
    const { done, value } = await this.#lines.next();
    if (done) throw new Error("the server ended");
    const { frames, next } = JSON.parse(value);
    return { frames, next: next === null ? null : next / 1000 - EPOCH };
  }

  async stop() {
    this.#process.stdin.end();
    await this.#ended;
  }
}
