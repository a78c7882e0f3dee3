import { element, icon } from "../page/element.js";
import { duration } from "../page/format.js";
import { titleOf } from "./source.js";

/**
 * What is watched next.
 *
 * @param {any[]} queue
 * @param {boolean} mayChange
 * @param {{onMove: (item: string, before: string | null) => void, onRemove: (item: string) => void}} listener
 */
export function queueView(queue, mayChange, { onMove, onRemove }) {
  if (queue.length === 0) return element("p", { class: "hint" }, "Nothing is waiting.");
  return element("ol", { class: "people queue" }, ...queue.map((item, index) => {
    const title = titleOf(item);
    const details = [item.added_by?.name, item.duration ? duration(item.duration) : ""].filter(Boolean).join(" · ");
    const row = element("li", { class: "person" }, icon(item.provider === "youtube" ? "film" : "listen"),
      element("span", { class: "person-name" }, title, element("span", { class: "room-entry-line" }, details)));
    if (!mayChange) return row;
    if (index > 0) row.append(button("up", `${title} sooner`, () => onMove(item.id, queue[index - 1].id)));
    row.append(button("close", `Remove ${title}`, () => onRemove(item.id)));
    return row;
  }));
}

/** @param {string} symbol @param {string} label @param {() => void} run */
function button(symbol, label, run) {
  const made = element("button", { type: "button", class: "icon-button", "aria-label": label }, icon(symbol));
  made.addEventListener("click", run);
  return made;
}
