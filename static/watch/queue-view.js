import { bdi, element, icon } from "../page/element.js";
import { duration } from "../page/format.js";
import { t } from "../text/text.js";
import { titleOf } from "./source.js";

/**
 * What is watched next.
 *
 * @param {any[]} queue
 * @param {boolean} mayChange
 * @param {{onMove: (item: string, before: string | null) => void, onRemove: (item: string) => void}} listener
 */
export function queueView(queue, mayChange, { onMove, onRemove }) {
  if (queue.length === 0) return element("p", { class: "hint" }, t("queue.empty"));
  return element("ol", { class: "people queue" }, ...queue.map((item, index) => {
    const title = titleOf(item);
    const length = item.duration ? ` · ${duration(item.duration)}` : "";
    const row = element("li", { class: "person" }, icon(item.provider === "youtube" ? "film" : "listen"),
      element("span", { class: "person-name" }, bdi(title), element("span", { class: "room-entry-line" }, bdi(item.added_by?.name ?? ""), length)));
    if (!mayChange) return row;
    if (index > 0) row.append(button("up", t("queue.sooner", { title }), () => onMove(item.id, queue[index - 1].id)));
    row.append(button("close", t("queue.remove", { title }), () => onRemove(item.id)));
    return row;
  }));
}

/** @param {string} symbol @param {string} label @param {() => void} run */
function button(symbol, label, run) {
  const made = element("button", { type: "button", class: "icon-button", "aria-label": label }, icon(symbol));
  made.addEventListener("click", run);
  return made;
}
