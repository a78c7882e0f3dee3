import { element } from "../page/element.js";
import { fullTime } from "../page/format.js";
import { parlor } from "../page/here.js";
import { tellIfItFails } from "../page/toast.js";
import { t } from "../text/text.js";

/**
 * Where one is signed in, with a button that ends each of the others.
 *
 * @typedef {{id: string, created_at: string, last_used_at: string, is_current: boolean}} OwnSession
 */

/** The list, which is filled once it is known. */
export function ownSessions() {
  const list = element("ul", { class: "sessions" });
  const show = () => parlor.people.sessions().then((sessions) => list.replaceChildren(...sessions.map((session) => row(session, show))), () => {});
  show();
  return list;
}

/** @param {OwnSession} session @param {() => void} show */
function row(session, show) {
  const since = t("sessions.since", { time: fullTime(new Date(session.created_at)) });
  const used = session.is_current ? t("sessions.here") : t("sessions.used", { time: fullTime(new Date(session.last_used_at)) });
  const item = element("li", {}, element("span", {}, since, element("span", { class: "row-line" }, used)));
  if (session.is_current) return item;
  const button = element("button", { type: "button", class: "quiet compact", "aria-label": t("sessions.endOf", { time: fullTime(new Date(session.created_at)) }) }, t("sessions.end"));
  button.addEventListener("click", async () => {
    if (await tellIfItFails(parlor.people.endSession(session.id), t("sessions.ended"))) show();
  });
  item.append(button);
  return item;
}
