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
/** A player that starts further off than this jumps once, in seconds: right after a command nobody minds. */
const JUMP_AT_START = 0.1;
/** A player that is being brought closer is brought as close as this, in seconds. */
const CLOSE = 0.01;

/** Knows what time it is on the server, from `ping` and `pong`. */
export class ServerClock {
  /**
   * Of each exchange when it came, and by how much the message there and the message back seemed to be late: by how long they
   * took, and by the difference of the clocks, which is the same for all of them.
   * @type {{at: number, there: number, back: number}[]}
   */
  #samples = [];

  /**
   * Takes one exchange: when the `ping` was sent and the `pong` came by our clock, and what the `pong` says.
   * @param {number} sent
   * @param {number} came
   * @param {{received_at: string, server_time: string}} pong
   */
  sample(sent, came, pong) {
    const [there, back] = [Date.parse(pong.received_at) - sent, came - Date.parse(pong.server_time)];
    if (!Number.isFinite(there + back)) return;
    const apart = Math.abs((there - back) / 2 - this.offset);
    // A round trip bounds how wrong an offset can be: what differs by more is another clock.
    if (this.isKnown && apart > (there + back + this.delay) / 2 + SET) this.#samples = [];
    this.#samples.push({ at: came, there, back });
    this.#samples = this.#samples.filter((sample) => came - sample.at <= WINDOW);
  }

  /** Whether it knows anything yet. */
  get isKnown() {
    return this.#samples.length > 0;
  }

  /**
   * By how much the server's clock is ahead of ours, in milliseconds: by the quickest message in each direction, which seldom
   * belong to one exchange.
   */
  get offset() {
    if (!this.isKnown) return 0;
    const [there, back] = this.#quickest();
    return (there - back) / 2;
  }

  /** How long the quickest messages there and back take together, in milliseconds. */
  get delay() {
    const [there, back] = this.#quickest();
    return Math.max(0, there + back);
  }

  /** The server's time at a moment of our clock. @param {number} local */
  toServer(local) {
    return local + this.offset;
  }

  /** The moment of our clock at a time of the server. @param {number} server */
  toLocal(server) {
    return server - this.offset;
  }

  #quickest() {
    return [Math.min(...this.#samples.map(({ there }) => there)), Math.min(...this.#samples.map(({ back }) => back))];
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
 * @param {number} [there] what it may be off to be there
 * @returns {Action}
 */
export function correction(off, target, rate, there = UNSEEN) {
  if (Math.abs(off) > JUMP) return { kind: "seek", time: target };
  if (Math.abs(off) < there) return { kind: "rate", rate };
  const most = MOST * rate;
  return { kind: "rate", rate: rate - Math.max(-most, Math.min(most, off / GENTLE)) };
}

/** Follows a room: knows its newest state, and what a player is to do now. */
export class Follower {
  /** @type {PlaybackState | undefined} */ state;
  /** How late this player starts after it was told to, in seconds, as learned from its starts. */
  headStart = 0;
  #startedFor = -1;
  /** Whether the last start is still to be judged. */
  #isLearning = false;
  /** When a player that was told to start or to jump does so for certain, by our clock. */
  #settledAt = -Infinity;
  #isDrifting = false;

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
    // Without the server's time nobody knows where the room is, and our own clock may be off by minutes.
    if (!this.clock.isKnown) return { kind: "hold" };
    if (this.#startedFor !== state.version) return this.#start(state, local);
    if (!player.isPlaying || local < this.#settledAt) return { kind: "hold" };
    const target = positionAt(state, this.clock.toServer(local));
    return this.#compare(state, local, player.time - target, target);
  }

  /**
   * @param {PlaybackState} state
   * @param {number} local
   * @param {number} off by how many seconds the player is ahead
   * @param {number} target where the room is
   * @returns {Action}
   */
  #compare(state, local, off, target) {
    const isFirst = this.#isLearning;
    if (isFirst) this.#learn(off / state.rate);
    if (isFirst && Math.abs(off) > JUMP_AT_START) {
      this.#settledAt = local + MAX_HEAD_START * 1000;
      return { kind: "seek", time: target + this.headStart * state.rate };
    }
    const action = correction(off, target, state.rate, this.#isDrifting ? CLOSE : UNSEEN);
    this.#isDrifting = action.kind === "rate" && action.rate !== state.rate;
    return action;
  }

  /**
   * What is said of the player to the server, which measures by it how long our messages take: commands take effect that much
   * later. Nothing while we don't know the server's time.
   * @param {number} local our clock
   * @param {number} time where the player is
   */
  check(local, time) {
    if (!this.clock.isKnown) return null;
    return { type: "SYNC_CHECK", client_time: time, client_sent_at: new Date(this.clock.toServer(local)).toISOString() };
  }

  /**
   * Begins where the room will be once the player has started.
   * @param {PlaybackState} state
   * @param {number} local
   * @returns {Action}
   */
  #start(state, local) {
    this.#startedFor = state.version;
    this.#isLearning = this.#isDrifting = true;
    const begins = this.clock.toLocal(holdsAt(state));
    const at = Math.max(local, begins - this.headStart * 1000);
    this.#settledAt = at + MAX_HEAD_START * 1000;
    const time = positionAt(state, this.clock.toServer(at + this.headStart * 1000));
    return { kind: "start", time, at };
  }

  /** A player that is behind right after its start will start earlier the next time. @param {number} off */
  #learn(off) {
    this.#isLearning = false;
    this.headStart = Math.max(0, Math.min(MAX_HEAD_START, this.headStart - off));
  }
}
