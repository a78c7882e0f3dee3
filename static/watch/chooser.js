import { askToPublish } from "../chat/publishing.js";
import { uploadFile } from "../chat/upload-file.js";
import { PREDEFINED } from "../feed/media.js";
import { bdi, element, icon } from "../page/element.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { readSource } from "./source.js";

/**
 * Where it is said what to watch: a link, a file of one's own, or something that is here already.
 *
 * @typedef {Record<string, any>} Choice  the fields of `SET_MEDIA` and `QUEUE_ADD`
 *
 * @param {object} options
 * @param {() => string | null} options.token
 * @param {(choice: Choice) => void} options.onChoose
 * @param {(words: string) => Promise<any[]>} options.find
 * @param {string} options.verb  what the button says
 */
export function chooser({ token, onChoose, find, verb }) {
  const problem = element("p", { class: "problem", role: "alert", hidden: true });
  const say = (/** @type {string} */ sentence) => {
    problem.textContent = sentence;
    problem.hidden = sentence === "";
  };
  const link = element("input", { type: "text", "aria-label": t("chooser.link"), placeholder: t("chooser.paste"), autocomplete: "off", maxlength: "2000" });
  const form = element("form", { class: "joined", novalidate: true }, link, element("button", { type: "submit", class: "primary" }, verb));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const source = readSource(link.value);
    say("problem" in source ? source.problem : "");
    if ("problem" in source) return link.focus();
    onChoose(source);
    link.value = "";
  });
  return element("div", { class: "chooser" }, form, problem, element("div", { class: "choices" }, fileButton(token, onChoose, say), ...tunes(onChoose)), library(find, onChoose));
}

/** @param {() => string | null} token @param {(choice: Choice) => void} onChoose @param {(sentence: string) => void} say */
function fileButton(token, onChoose, say) {
  const input = element("input", { type: "file", accept: "video/*,audio/*", class: "visually-hidden", tabindex: "-1", "aria-label": t("chooser.file") });
  const text = element("span", {}, t("chooser.mine"));
  const button = element("button", { type: "button", class: "quiet compact" }, icon("share"), text);
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    const present = token();
    input.value = "";
    if (!file || present === null) return;
    button.disabled = true;
    say("");
    try {
      const onProgress = (/** @type {number} */ part) => { text.textContent = t("chooser.uploading", { percent: Math.round(part * 100) }); };
      const stored = await uploadFile({ file, token: present, onProgress, signal: new AbortController().signal, mayPublish: askToPublish });
      onChoose({ media_id: stored.media_id, title: file.name });
    } catch (error) {
      say(sentenceOf(error));
    } finally {
      button.disabled = false;
      text.textContent = t("chooser.mine");
    }
  });
  return element("span", {}, button, input);
}

/** @param {(choice: Choice) => void} onChoose */
function tunes(onChoose) {
  return PREDEFINED.map(({ mediaId, title }) => {
    const button = element("button", { type: "button", class: "quiet compact" }, icon("listen"), title);
    button.addEventListener("click", () => onChoose({ media_id: mediaId, title }));
    return button;
  });
}

/** What can be watched here already. A server that has no such list shows none. @param {(words: string) => Promise<any[]>} find @param {(choice: Choice) => void} onChoose */
function library(find, onChoose) {
  const place = element("div", { class: "library" });
  find("").then((found) => {
    const predefined = new Set(PREDEFINED.map(({ mediaId }) => mediaId));
    const fresh = found.filter(({ stream_id: id }) => !predefined.has(id)).slice(0, 6);
    if (fresh.length === 0) return;
    place.append(element("h3", {}, t("chooser.library")), element("ul", { class: "people" }, ...fresh.map((one) => {
      const button = element("button", { type: "button", class: "room-pick" }, icon(one.media_type === "audio" ? "listen" : "film"), element("span", {}, bdi(one.title ?? one.stream_id)));
      button.addEventListener("click", () => onChoose(one.provider === "media" ? { media_id: one.stream_id, title: one.title } : { provider: one.provider, video_id: one.stream_id, title: one.title }));
      return element("li", {}, button);
    })));
  }, () => undefined);
  return place;
}
