/**
 * Everybody sees the same frame: what time it is on the server, where the room is then, and how a player gets there.
 *
 * Nothing here reads a clock, a socket or a player: times come in, in milliseconds, and decisions go out. So what is tested is
 * what runs.
 *
 * @typedef {{is_playing: boolean, time: number, version: number, server_time: string, starts_at?: string, rate: number,
 *   waiting?: boolean}} PlaybackState
 * @typedef {{kind: "hold"} | {kind: "pause", time: number} | {kind: "start", time: number, at: number}
 *   | {kind: "seek", time: number} | {kind: "rate", rate: number}} Action
 */

/** Below this nobody sees a difference, in seconds. */
const UNSEEN = 0.04;
/** Above this a player jumps, in seconds. */
const JUMP = 2;
/** How much faster or slower than the room a player may play: nobody hears it. */
const MOST = 0.05;
/** Within how many seconds a small difference is played away. */
const GENTLE = 2;
/** How long a sample counts, in milliseconds: in that time clocks that drift by 100 ppm part by 3 ms. */
const WINDOW = 30_000;
/** A clock that differs so much from what it was has been set, in milliseconds. */
const SET = 1000;
/** The most that a player is started early for, in seconds. */
const MAX_HEAD_START = 0.5;

/** Knows what time it is on the server, from `ping` and `pong`. */
export class ServerClock {
  /** @type {{at: number, offset: number, delay: number}[]} */ #samples = [];

  /**
   * Takes one exchange: when the `ping` was sent and the `pong` came by our clock, and what the `pong` says.
   * @param {number} sent
   * @param {number} came
   * @param {{received_at: string, server_time: string}} pong
   */
  sample(sent, came, pong) {
    const [received, answered] = [Date.parse(pong.received_at), Date.parse(pong.server_time)];
    const delay = Math.max(0, came - sent - (answered - received));
    const offset = (received - sent + (answered - came)) / 2;
    if (!Number.isFinite(offset)) return;
    const best = this.#best();
    // A round trip bounds how wrong an offset can be: what differs by more is another clock.
    if (best && Math.abs(offset - best.offset) > (delay + best.delay) / 2 + SET) this.#samples = [];
    this.#samples.push({ at: came, offset, delay });
    this.#samples = this.#samples.filter((sample) => came - sample.at <= WINDOW);
  }

  /** Whether it knows anything yet. */
  get isKnown() {
    return this.#samples.length > 0;
  }

  /** By how much the server's clock is ahead of ours, in milliseconds: by the exchange that was on its way the shortest. */
  get offset() {
    return this.#best()?.offset ?? 0;
  }

  /** How long that exchange was on its way, in milliseconds. */
  get delay() {
    return this.#best()?.delay ?? Infinity;
  }

  /** The server's time at a moment of our clock. @param {number} local */
  toServer(local) {
    return local + this.offset;
  }

  /** The moment of our clock at a time of the server. @param {number} server */
  toLocal(server) {
    return server - this.offset;
  }

  #best() {
    return this.#samples.toSorted((a, b) => a.delay - b.delay).at(0);
  }
}

/**
 * When a state's position holds, in the server's time.
 * @param {PlaybackState} state
 */
export function holdsAt(state) {
  return Date.parse(state.starts_at ?? state.server_time);
}

/**
 * Where the room is at a moment of the server's time, in seconds.
 * @param {PlaybackState} state
 * @param {number} server
 */
export function positionAt(state, server) {
  if (!state.is_playing || state.waiting) return state.time;
  return state.time + (Math.max(0, server - holdsAt(state)) / 1000) * state.rate;
}

/**
 * How a playing player that is somewhere else gets to where the room is; nothing if it is there.
 * @param {number} off by how many seconds it is ahead
 * @param {number} target where the room is
 * @param {number} rate the room's
 * @returns {Action}
 */
export function correction(off, target, rate) {
  if (Math.abs(off) > JUMP) return { kind: "seek", time: target };
  if (Math.abs(off) < UNSEEN) return { kind: "rate", rate };
  const most = MOST * rate;
  return { kind: "rate", rate: rate - Math.max(-most, Math.min(most, off / GENTLE)) };
}

/** Follows a room: knows its newest state, and what a player is to do now. */
export class Follower {
  /** @type {PlaybackState | undefined} */ state;
  /** How late this player starts after it was told to, in seconds, as learned from its starts. */
  headStart = 0;
  #startedFor = -1;
  #isLearning = false;

  /** @param {ServerClock} clock */
  constructor(clock) {
    this.clock = clock;
  }

  /**
   * Takes a state, unless a newer one is known; tells whether it did.
   * @param {PlaybackState} state
   */
  take(state) {
    if (this.state && state.version < this.state.version) return false;
    if (this.state?.version !== state.version) this.#startedFor = -1;
    this.state = state;
    return true;
  }

  /**
   * What the player is to do now.
   * @param {number} local our clock
   * @param {{time: number, isPlaying: boolean}} player where it is
   * @returns {Action}
   */
  next(local, player) {
    const state = this.state;
    if (!state) return { kind: "hold" };
    if (!state.is_playing || state.waiting) {
      const isThere = !player.isPlaying && Math.abs(player.time - state.time) < UNSEEN;
      return isThere ? { kind: "hold" } : { kind: "pause", time: state.time };
    }
    if (this.#startedFor !== state.version) return this.#start(state, local);
    const server = this.clock.toServer(local);
    if (server <= holdsAt(state) || !player.isPlaying) return { kind: "hold" };
    const target = positionAt(state, server);
    const off = player.time - target;
    this.#learn(off / state.rate);
    return correction(off, target, state.rate);
  }

  /**
   * Begins where the room will be once the player has started.
   * @param {PlaybackState} state
   * @param {number} local
   * @returns {Action}
   */
  #start(state, local) {
    this.#startedFor = state.version;
    this.#isLearning = true;
    const begins = this.clock.toLocal(holdsAt(state));
    const at = Math.max(local, begins - this.headStart * 1000);
    const time = positionAt(state, this.clock.toServer(at + this.headStart * 1000));
    return { kind: "start", time, at };
  }

  /** A player that is behind right after its start will start earlier the next time. @param {number} off */
  #learn(off) {
    if (!this.#isLearning) return;
    this.#isLearning = false;
    this.headStart = Math.max(0, Math.min(MAX_HEAD_START, this.headStart - off));
  }
}
