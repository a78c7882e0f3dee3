// What the host does, and when people come.

/** How many watch. */
export const VIEWERS = 100;
/** So many of them come while it plays already. */
const LATE = 40;

/** When each viewer comes, in milliseconds; the first is the host. @param {import("./chance.mjs").Chance} chance */
export function arrivals(chance) {
  return Array.from({ length: VIEWERS }, (_, number) => {
    if (number === 0) return 0;
    return number < VIEWERS - LATE ? chance.between(500, 10_000) : chance.between(25_000, 200_000);
  });
}

/** The commands of an evening that is busier than most. @param {import("./chance.mjs").Chance} chance */
export function commands(chance) {
  const second = () => Math.round(chance.between(0, 5_000));
  const seek = () => ({ type: "SEEK", time: second() });
  // Where the host's own player is: it is filled in when the command is given.
  const all = [
    { type: "PLAY" }, seek(), { type: "PAUSE" }, { type: "PLAY" }, seek(), { type: "SET_RATE", rate: 1.25 }, seek(),
    { type: "SET_RATE", rate: 1 }, { type: "PAUSE" }, seek(), { type: "PLAY" }, seek(), { type: "SET_RATE", rate: 2 },
    { type: "SET_RATE", rate: 1 }, seek(), { type: "PAUSE" }, { type: "PLAY" }, seek(),
  ];
  let at = 12_000;
  return all.map((command) => {
    at += chance.between(8_000, 20_000);
    return { at, command };
  });
}
