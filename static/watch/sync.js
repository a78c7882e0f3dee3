/**
 * Where everybody should be, and what a player that is elsewhere has to do.
 *
 * @typedef {object} Playback  the server's `PLAYBACK_STATE`
 * @property {boolean} is_playing
 * @property {number} time  seconds
 * @property {number} version
 * @property {string} server_time
 * @property {string | null} [starts_at]
 * @property {number} [rate]
 * @property {string | null} [item]
 * @property {boolean} [waiting]
 * @property {string} [cause]
 */

/** Up to here a difference is not heard, in seconds. */
const UNHEARD = 0.06;
/** From here on it jumps; below, it goes a little faster or slower. */
const JUMP = 1.2;
/** How much faster or slower, at most. */
const NUDGE = 0.06;

/**
 * The moment at which the state's position holds, in milliseconds of the server's clock.
 * @param {Playback} state
 */
export function anchor({ starts_at: startsAt, server_time: serverTime }) {
  return Date.parse(startsAt ?? serverTime);
}

/**
 * The position at a moment of the server's clock. Before it starts, it is where it will start.
 * @param {Playback} state
 * @param {number} serverNow
 */
export function positionAt(state, serverNow) {
  if (!state.is_playing || state.waiting) return state.time;
  const passed = Math.max(0, serverNow - anchor(state)) / 1000;
  return state.time + passed * (state.rate ?? 1);
}

/**
 * @param {number} wanted  seconds
 * @param {number} actual
 * @param {number} rate  the rate that everybody goes at
 * @param {boolean} canNudge  whether the player can go a little faster or slower
 * @returns {{seek: number} | {rate: number}}
 */
export function correct(wanted, actual, rate, canNudge) {
  const ahead = actual - wanted;
  if (Math.abs(ahead) > JUMP || (!canNudge && Math.abs(ahead) > 0.4)) return { seek: wanted };
  if (!canNudge || Math.abs(ahead) <= UNHEARD) return { rate };
  return { rate: rate * (1 - Math.max(-NUDGE, Math.min(NUDGE, ahead / 4))) };
}

/** Whether a state replaces the present one: they may overtake each other. @param {Playback | null} present @param {Playback} next */
export function replaces(present, next) {
  return present === null || next.cause === "join" || next.version >= present.version;
}
