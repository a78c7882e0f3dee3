import { copyable } from "../page/copyable.js";
import { confirmed, openDialog } from "../page/dialog.js";
import { element } from "../page/element.js";
import { form } from "../page/form.js";
import { shortTime } from "../page/format.js";
import { parlor } from "../page/here.js";
import { tellIfItFails } from "../page/toast.js";
import { t } from "../text/text.js";
import { menuButton, rowText, showRows } from "./rows.js";
import { fields, topics, wanted } from "./webhook-form.js";

/**
 * The webhooks: other programs that are told what happens in the rooms that let them.
 *
 * @typedef {{id: string, url: string, events: string[], is_enabled: boolean, failures: number, last_error: string | null, last_error_at: string | null}} Webhook
 */

const PATH = "/api/admin/webhooks/";

/** @param {Webhook} webhook */
const at = ({ id }) => `${PATH}${encodeURIComponent(id)}/`;

/** @param {HTMLElement} place @param {() => void} onDeed  something was done that the trail tells of */
export async function showWebhooks(place, onDeed) {
  const webhooks = await parlor.api.get(PATH);
  const again = () => {
    onDeed();
    return showWebhooks(place, onDeed);
  };
  showRows(place, webhooks.map((/** @type {Webhook} */ webhook) => row(webhook, again)), t("webhooks.none"));
  const add = element("button", { type: "button", class: "quiet compact" }, t("webhooks.add"));
  add.addEventListener("click", () => addWebhook(again));
  place.append(element("div", { class: "row" }, add));
}

/** @param {Webhook} webhook @param {() => void} again */
function row(webhook, again) {
  const tags = [...(webhook.is_enabled ? [] : [t("webhooks.off")]), ...(webhook.failures > 0 ? [t("webhooks.failing")] : [])];
  const made = element("li", {}, ...rowText(webhook.url, told(webhook), tags), menuButton(webhook.url, actions(webhook, again)));
  const trouble = lastTrouble(webhook);
  if (trouble) made.append(element("p", { class: webhook.failures > 0 ? "problem row-note" : "hint row-note" }, trouble));
  return made;
}

/** @param {Webhook} webhook */
const told = ({ events }) => topics().filter(({ name }) => events.includes(name)).map(({ text }) => text).join(" · ");

/** What went wrong last; it stays known after the webhook answers again. @param {Webhook} webhook */
function lastTrouble({ failures, last_error: why, last_error_at: when }) {
  if (!why || !when) return null;
  const time = shortTime(new Date(when));
  return failures > 0 ? t("webhooks.failed", { count: failures, time, why }) : t("webhooks.failedOnce", { time, why });
}

/** @param {Webhook} webhook @param {() => void} again @returns {import("../page/menu.js").Action[]} */
function actions(webhook, again) {
  return [
    { label: t("webhooks.change"), run: () => changeWebhook(webhook, again) },
    { label: t("webhooks.undelivered"), run: () => undelivered(webhook, again) },
    { label: webhook.is_enabled ? t("webhooks.disable") : t("webhooks.enable"), run: () => after(parlor.api.patch(at(webhook), { is_enabled: !webhook.is_enabled }), again) },
    { label: t("delete"), isBad: true, run: () => remove(webhook, again) },
  ];
}

/** @param {Promise<unknown>} request @param {() => void} again */
async function after(request, again) {
  if (await tellIfItFails(request, t("done"))) again();
}

/** @param {Webhook} webhook @param {() => void} again */
async function remove(webhook, again) {
  if (await confirmed(t("webhooks.deleteAsk"), t("webhooks.deleteWhat", { url: webhook.url }), t("delete"))) await after(parlor.api.delete(at(webhook)), again);
}

/** @param {() => void} again */
function addWebhook(again) {
  const { close } = openDialog(t("webhooks.add"), element("p", { class: "hint" }, t("webhooks.addHint")), form(t("webhooks.addYes"), async (values) => {
    const made = await parlor.api.post(PATH, wanted(values));
    close();
    openDialog(t("webhooks.secret"), element("p", {}, t("webhooks.secretOnce")), copyable(t("webhooks.secret"), made.secret));
    again();
  }, ...fields({})));
}

/** @param {Webhook} webhook @param {() => void} again */
function changeWebhook(webhook, again) {
  const { close } = openDialog(t("webhooks.change"), form(t("save"), async (values) => {
    await parlor.api.patch(at(webhook), wanted(values));
    close();
    again();
  }, ...fields(webhook)));
}

/** What could not be told it for a day, and another try. @param {Webhook} webhook @param {() => void} again */
async function undelivered(webhook, again) {
  /** @type {any[]} */
  let kept = [];
  if (!(await tellIfItFails(parlor.api.get(`${at(webhook)}undelivered/`).then((items) => { kept = items; })))) return;
  const list = element("div");
  showRows(list, kept.map(undeliveredRow), t("webhooks.allTold"));
  const { close } = openDialog(t("webhooks.undelivered"), list);
  if (kept.length === 0) return;
  const resend = element("button", { type: "button", class: "primary" }, t("webhooks.resend"));
  resend.addEventListener("click", () => {
    close();
    after(parlor.api.post(`${at(webhook)}resend/`), again);
  });
  list.append(element("div", { class: "dialog-buttons" }, resend));
}

/** @param {{room: string, type: string, timestamp: string, error: string}} call */
function undeliveredRow({ room, type, timestamp, error }) {
  const what = topics().find(({ name }) => name === type)?.text ?? type;
  return element("li", {}, ...rowText(`${room} · ${what}`, `${shortTime(new Date(timestamp))} · ${error}`));
}
