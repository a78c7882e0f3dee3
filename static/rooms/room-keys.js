import { byId } from "../page/element.js";
import { addShortcuts } from "../page/keyboard.js";
import { t } from "../text/text.js";

/** The keys of a room. @param {import("./layout.js").Layout} layout @param {{onPlay: () => void, onFull: () => void}} stage */
export function addRoomKeys(layout, { onPlay, onFull }) {
  const panel = (/** @type {string} */ name, /** @type {string} */ focus) => {
    layout.show(name);
    document.getElementById(focus)?.focus();
  };
  addShortcuts(
    { keys: ["/"], label: t("keys.write"), run: () => panel("chat", "chat-text") },
    { keys: ["Enter"], label: t("keys.send") },
    { keys: ["Shift", "Enter"], label: t("keys.line") },
    { keys: ["@"], label: t("keys.mention") },
    { keys: ["↑"], label: t("keys.editLast") },
    { keys: ["↑", "↓"], label: t("keys.messages") },
    { keys: ["s"], label: t("keys.search"), run: () => (layout.show("chat"), byId("chat-search-toggle").click()) },
    { keys: ["1", "2", "3"], label: t("keys.panels"), run: (key) => layout.show(["chat", "people", "queue"][Number(key) - 1]) },
    { keys: ["k"], label: t("keys.play"), run: onPlay },
    { keys: ["t"], label: t("keys.theatre"), run: () => layout.toggleTheatre() },
    { keys: ["f"], label: t("keys.full"), run: onFull },
  );
}
