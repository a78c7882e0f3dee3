import { avatar } from "../page/avatar.js";
import { bdi, element, icon } from "../page/element.js";
import { bytes, fullTime } from "../page/format.js";
import { ownFile } from "../page/here.js";
import { sentenceOf } from "../text/problems.js";
import { locale, t } from "../text/text.js";
import { continues, isNewDay } from "./message-store.js";
import { pieces } from "./words.js";

/**
 * One message as it is shown. Text only ever becomes text nodes.
 *
 * @typedef {import("./message-store.js").Message} Message
 *
 * @typedef {object} RowContext
 * @property {number | undefined} me
 * @property {(id: number) => Message | null} find
 * @property {(id: number) => string | null} nameOf
 * @property {(message: Message, reaction: string) => void} onReact
 * @property {(id: number) => void} onShow  goes to the message that is answered
 */

const TIME = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });

/** @param {Message} message @param {Message | null} before @param {RowContext} context */
export function messageRow(message, before, context) {
  const isMine = message.sender_id === context.me;
  const isContinued = continues(message, before);
  const isForMe = context.me !== undefined && message.mentions?.includes(context.me);
  const row = element("li", { class: ["said", isMine && "mine", isContinued && "continued", isForMe && "for-me"].filter(Boolean).join(" "), id: `m-${message.id}`, tabindex: "-1" });
  row.dataset.id = String(message.id);
  if (isNewDay(message, before)) row.append(element("p", { class: "day" }, DAY.format(new Date(message.created_at))));
  if (message.reply_to) row.append(answered(message.reply_to, context));
  row.append(isContinued ? element("span", { class: "said-avatar" }) : element("span", { class: "said-avatar" }, avatar(message.user, message.sender?.photo)));
  const content = element("div", { class: "said-content" });
  if (!isContinued) content.append(head(message));
  if (message.message) content.append(words(message, context));
  content.append(...attachment(message), ...reactions(message, context));
  row.append(content);
  return row;
}

/** @param {Message} message */
function head(message) {
  const tags = message.sender?.role === "admin" ? [element("span", { class: "tag" }, t("host"))] : [];
  return element("p", { class: "said-head" }, element("span", { class: "said-name" }, bdi(message.user)), ...tags, time(message));
}

/** @param {Message} message */
function time(message) {
  const at = new Date(message.created_at);
  return element("time", { datetime: message.created_at, title: fullTime(at) }, TIME.format(at));
}

/** @param {Message} message @param {RowContext} context */
function words(message, context) {
  const people = (message.mentions ?? []).flatMap((id) => {
    const name = context.nameOf(id);
    return name ? [{ id, name }] : [];
  });
  const body = element("p", { class: "said-words", dir: "auto" }, ...pieces(message.message, people).map((piece) => {
    if (piece.kind === "link") return element("a", { href: piece.text, target: "_blank", rel: "noopener noreferrer" }, piece.text);
    if (piece.kind === "mention") return element("bdi", { class: piece.id === context.me ? "mention me" : "mention" }, piece.text);
    return piece.text;
  }));
  if (message.edited_at) body.append(" ", element("span", { class: "edited", title: fullTime(new Date(message.edited_at)) }, t("chat.edited")));
  return body;
}

/** @param {number} id @param {RowContext} context */
function answered(id, context) {
  const original = context.find(id);
  const line = original ? [element("b", {}, bdi(original.user)), " ", bdi(original.message || t("aFile"))] : [t("chat.older")];
  const button = element("button", { type: "button", class: "answered" }, icon("reply"), element("span", {}, ...line));
  button.addEventListener("click", () => context.onShow(id));
  return button;
}

/** @param {Message} message */
function attachment(message) {
  const source = ownFile(message.attachment);
  if (!source) return [];
  const { name = t("chat.file"), content_type: type = "", size = 0 } = message.media ?? {};
  const kind = type.split("/")[0];
  if (kind === "image") {
    const picture = element("img", { src: source, alt: name, loading: "lazy", class: "picture" });
    return [element("a", { href: source, target: "_blank", rel: "noopener", class: "picture-link" }, picture)];
  }
  if (kind === "audio") return [element("audio", { src: source, controls: true, preload: "none", "aria-label": name, class: "sound" })];
  if (kind === "video") return [element("video", { src: source, controls: true, preload: "metadata", "aria-label": name, class: "picture" })];
  return [element("a", { href: source, target: "_blank", rel: "noopener", class: "file" }, icon("file"),
    element("span", { class: "file-text" }, element("span", { class: "file-name" }, bdi(name)), element("span", { class: "file-size" }, size ? bytes(size) : "")))];
}

/** @param {Message} message @param {RowContext} context */
function reactions(message, context) {
  const counts = Object.entries(message.reactions ?? {}).filter(([, count]) => count > 0);
  if (counts.length === 0) return [];
  return [element("div", { class: "reactions" }, ...counts.map(([reaction, count]) => {
    const isMine = message.my_reactions?.includes(reaction) === true;
    const button = element("button", { type: "button", class: "reaction", "aria-pressed": String(isMine), "aria-label": `${reaction} ${count}${isMine ? t("chat.reactionMine") : ""}` }, reaction, element("span", {}, String(count)));
    button.addEventListener("click", () => context.onReact(message, reaction));
    return button;
  }))];
}

/** @param {import("../client/outbox.js").Entry} entry */
const problemOf = ({ code, problem }) => sentenceOf({ code, message: problem });

/**
 * A message that the server has not acknowledged.
 * @param {import("../client/outbox.js").Entry} entry
 * @param {boolean} isOnline
 * @param {{onRetry: (id: string) => void, onDiscard: (id: string) => void}} listener
 */
export function pendingRow(entry, isOnline, { onRetry, onDiscard }) {
  const content = element("div", { class: "said-content" });
  if (entry.payload.message) content.append(element("p", { class: "said-words", dir: "auto" }, entry.payload.message));
  if (entry.payload.attachment) content.append(element("p", { class: "said-state" }, t("chat.withFile")));
  const state = element("p", { class: "said-state" });
  if (entry.state === "failed") {
    const again = element("button", { type: "button", class: "link" }, t("tryAgain"));
    const away = element("button", { type: "button", class: "link" }, t("chat.discard"));
    again.addEventListener("click", () => onRetry(entry.clientMsgId));
    away.addEventListener("click", () => onDiscard(entry.clientMsgId));
    state.append(element("span", { class: "problem" }, t("chat.notSent", { why: problemOf(entry) })), again, away);
  } else state.textContent = !isOnline ? t("chat.notSentYet") : problemOf(entry) || t("chat.sending");
  content.append(state);
  const row = element("li", { class: entry.state === "failed" ? "said mine pending failed" : "said mine pending" }, element("span", { class: "said-avatar" }), content);
  row.dataset.client = entry.clientMsgId;
  return row;
}
