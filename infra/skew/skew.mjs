// `cargo xtask skew`: how far viewers are apart. `--seed <number>` repeats a run.

import { APART, BACK_WITHIN, Evening } from "./run.mjs";
import { VIEWERS } from "./script.mjs";

const SEEDED = process.argv.indexOf("--seed");
const seed = SEEDED < 0 ? 1 : Number(process.argv[SEEDED + 1]);
if (!Number.isSafeInteger(seed) || seed < 0) throw new Error("--seed wants a number");

const { followed, naive } = await new Evening(/** @type {string} */ (process.env.SKEW_SERVER), seed).run();
console.log(`${VIEWERS} viewers, ${followed.recoveries.length} commands, ${followed.steady.total} pairs looked at, seed ${seed}`);
console.log("                     p50      p95      p99   slowest return after a command");
report("with clock.js", followed);
report("without a clock", naive);
const [, p95] = followed.steady.quantiles();
const [, naiveP95] = naive.steady.quantiles();
const failures = [
  [p95 <= APART, `in steady state, 95 % of pairs are to be within ${APART} ms`],
  [followed.slowest <= BACK_WITHIN, `after a command, they are to be so within ${BACK_WITHIN} ms`],
  [naiveP95 > APART, "clients without a clock are as good: this measures nothing"],
].filter(([holds]) => !holds);
for (const [, sentence] of failures) console.log(`FAILED: ${sentence}`);
process.exitCode = failures.length > 0 ? 1 : 0;

function report(name, { steady, slowest }) {
  const figures = steady.quantiles().map((figure) => `${figure.toFixed(1).padStart(6)} ms`);
  console.log(`${name.padEnd(16)}${figures.join("")}   ${(slowest / 1000).toFixed(1)} s`);
}
