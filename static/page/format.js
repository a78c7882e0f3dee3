import { locale } from "../text/text.js";

/**
 * Numbers as people read them.
 */

const CLOCK = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const SHORT = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const FULL = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "medium" });

/** `14:03:07` @param {Date | number} date */
export const clock = (date) => CLOCK.format(date);

/** Date and time as lists tell them. @param {Date | number} date */
export const shortTime = (date) => SHORT.format(date);

/** Date and time in full. @param {Date | number} date */
export const fullTime = (date) => FULL.format(date);

/** `1:05` @param {number} seconds */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** `1.4 MB`: decimal units, one digit below ten. @param {number} count */
export function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
