import { element } from "../page/element.js";
import { checkbox, field } from "../page/form.js";
import { t } from "../text/text.js";

/** The fields of a webhook: where it is called, and what it is told of. */

/** What a webhook can be told of: `name` is the API's. @returns {{name: string, text: string}[]} */
export const topics = () => [
  { name: "message", text: t("webhooks.message") },
  { name: "member", text: t("webhooks.member") },
  { name: "room", text: t("webhooks.room") },
];

/** @param {{url?: string, events?: string[]}} webhook  a new one is told of everything */
export const fields = ({ url = "", events }) => [
  field({ name: "url", label: t("webhooks.url"), value: url, placeholder: "https://", maxlength: 2048, required: true }),
  element("fieldset", {}, element("legend", {}, t("webhooks.told")),
    ...topics().map(({ name, text }) => checkbox({ name, label: text, checked: events?.includes(name) ?? true }))),
];

/** What the form says that is wanted. @param {Record<string, string>} values */
export const wanted = ({ url, ...boxes }) => ({ url: url.trim(), events: topics().map(({ name }) => name).filter((name) => boxes[name] === "true") });
