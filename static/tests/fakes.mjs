/** A clock with timers that runs only when it is told to. */
export class FakeTime {
  now = 1_000_000;
  #next = 1;
  #timers = new Map();

  setTimeout = (run, ms) => {
    this.#timers.set(this.#next, { at: this.now + ms, run });
    return this.#next++;
  };
  clearTimeout = (timer) => this.#timers.delete(timer);

  /** Lets this much time pass, running what falls due on the way in its order. */
  pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].run();
    }
    this.now = end;
  }

  get pending() {
    return this.#timers.size;
  }
}

/** Makes a WebSocket class whose sockets do what the test says. */
export function fakeSockets() {
  const made = [];
  class FakeSocket {
    sent = [];
    closedWith = null;
    constructor(url, protocols) {
      this.url = url;
      this.protocols = protocols;
      made.push(this);
    }
    send(data) {
      this.sent.push(data);
    }
    close(code) {
      this.closedWith = code ?? "no code";
    }
    opens() {
      this.onopen({});
    }
    receives(data) {
      this.onmessage({ data });
    }
    ends(code = 1006, reason = "") {
      this.onclose({ code, reason });
    }
  }
  return { made, FakeSocket, last: () => made.at(-1) };
}

export function fakeStorage(initial = {}) {
  const kept = new Map(Object.entries(initial));
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    kept,
  };
}
