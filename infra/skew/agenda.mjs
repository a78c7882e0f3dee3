// Virtual time: what happens next, in the order of moments and, of one moment, in the order in which it was planned.

export class Agenda {
  /** The time that is true, in milliseconds; nobody's clock shows it. */
  now = 0;
  /** @type {{at: number, order: number, run: () => any}[]} a heap, the earliest on top */ #heap = [];
  #planned = 0;

  /** @param {number} at @param {() => any} run */
  plan(at, run) {
    const entry = { at: Math.max(at, this.now), order: (this.#planned += 1), run };
    const heap = this.#heap;
    let place = heap.push(entry) - 1;
    while (place > 0 && isBefore(entry, heap[(place - 1) >> 1])) {
      heap[place] = heap[(place - 1) >> 1];
      place = (place - 1) >> 1;
    }
    heap[place] = entry;
    return entry;
  }

  /** Lets everything happen that comes before a moment. @param {number} end */
  async runUntil(end) {
    while (this.#heap.length > 0 && this.#heap[0].at < end) {
      const { at, run } = this.#pop();
      this.now = at;
      await run();
    }
    this.now = end;
  }

  #pop() {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (heap.length === 0) return top;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[place] = heap[child];
      place = child;
    }
    heap[place] = last;
    return top;
  }
}

function isBefore(one, other) {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
