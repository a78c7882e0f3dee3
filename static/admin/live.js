import { element } from "../page/element.js";
import { t } from "../text/text.js";

/**
 * Figures of the moment, and the messages of the last hour as columns.
 *
 * @typedef {{sockets: number, people: number, rooms: number, messages_per_minute: number[], delivery_errors: number, dead_letters: number}} Figures
 */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 240;
const HEIGHT = 48;

/** @param {Figures} figures @param {HTMLElement} place @param {Element} chart */
export function showLive(figures, place, chart) {
  /** @type {[string, number | undefined][]} */
  const shown = [
    [t("live.sockets"), figures.sockets], [t("live.people"), figures.people], [t("live.rooms"), figures.rooms],
    [t("live.messages"), figures.messages_per_minute?.at(-1)], [t("live.errors"), figures.delivery_errors], [t("live.dead"), figures.dead_letters],
  ];
  place.replaceChildren(...shown.filter(([, count]) => count !== undefined && count !== null).map(([name, count]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, String(count)))));
  chart.replaceChildren(...columns(figures.messages_per_minute ?? []).map((column) => {
    const bar = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries(column)) bar.setAttribute(name, String(value));
    return bar;
  }));
}

/** The columns of a chart, the highest as high as it. @param {number[]} counts */
export function columns(counts) {
  const most = Math.max(1, ...counts);
  const width = WIDTH / Math.max(1, counts.length);
  return counts.map((count, index) => {
    const height = (count / most) * HEIGHT;
    return { x: index * width, y: HEIGHT - height, width: width * 0.8, height };
  });
}
