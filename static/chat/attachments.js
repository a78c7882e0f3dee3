import { bdi, element, icon } from "../page/element.js";
import { bytes } from "../page/format.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { askToPublish } from "./publishing.js";
import { uploadFile } from "./upload-file.js";

/**
 * A file on its way into a message: chosen, dropped or pasted, shown with its progress, and sent with the next message.
 *
 * @typedef {import("./upload-file.js").Stored} Stored
 */

export class Attachments {
  #parts;
  #token;
  #onChange;
  /** @type {{file: File, stored: Stored | null, problem: string, abort: AbortController} | null} */ #present = null;

  /**
   * @param {{tray: HTMLElement, input: HTMLInputElement, button: HTMLElement, drop: HTMLElement, text: HTMLTextAreaElement}} parts
   * @param {() => string | null} token
   * @param {() => void} onChange
   */
  constructor(parts, token, onChange) {
    this.#parts = parts;
    this.#token = token;
    this.#onChange = onChange;
    const { input, button, drop, text } = parts;
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => this.#choose(input.files?.[0]));
    text.addEventListener("paste", (event) => {
      const file = event.clipboardData?.files[0];
      if (!file) return;
      event.preventDefault();
      this.#choose(file);
    });
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.toggle("over", event.dataTransfer?.types.includes("Files") === true);
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      this.#choose(event.dataTransfer?.files[0]);
    });
  }

  /** Whether a file has still to arrive before the message can go. */
  get isBusy() {
    return this.#present !== null && this.#present.stored === null && this.#present.problem === "";
  }

  /** What goes with the message that is sent now; afterwards there is nothing any more. */
  take() {
    const stored = this.#present?.stored ?? null;
    if (stored) this.#clear();
    return stored;
  }

  /** @param {File | undefined} file */
  async #choose(file) {
    this.#parts.input.value = "";
    const token = this.#token();
    if (!file || token === null) return;
    this.#present?.abort.abort();
    const present = { file, stored: /** @type {Stored | null} */ (null), problem: "", abort: new AbortController() };
    this.#present = present;
    this.#show(0);
    try {
      const onProgress = (/** @type {number} */ part) => this.#present === present && this.#show(part);
      present.stored = await uploadFile({ file, token, onProgress, signal: present.abort.signal, mayPublish: askToPublish });
    } catch (error) {
      present.problem = sentenceOf(error);
    }
    if (this.#present !== present) return;
    this.#show(1);
    this.#onChange();
  }

  #clear() {
    this.#present?.abort.abort();
    this.#present = null;
    this.#parts.tray.hidden = true;
    this.#parts.tray.replaceChildren();
  }

  /** @param {number} part */
  #show(part) {
    const present = this.#present;
    if (!present) return;
    const { file, stored, problem } = present;
    const remove = element("button", { type: "button", class: "icon-button", "aria-label": t("chat.removeFile") }, icon("close"));
    remove.addEventListener("click", () => this.#clear());
    const line = problem ? element("span", { class: "problem" }, problem)
      : stored ? element("span", { class: "file-size" }, bytes(file.size))
      : element("progress", { max: "1", value: String(part), "aria-label": t("chat.fileProgress") });
    this.#parts.tray.replaceChildren(preview(file), element("span", { class: "file-text" }, element("span", { class: "file-name" }, bdi(file.name)), line), remove);
    this.#parts.tray.hidden = false;
  }
}

/** @param {File} file */
function preview(file) {
  if (!file.type.startsWith("image/")) return icon("file");
  const image = element("img", { alt: "", class: "preview" });
  // `img-src` allows data, not blobs; a preview needs no more than the picture itself.
  const reader = new FileReader();
  reader.addEventListener("load", () => { image.src = String(reader.result); });
  reader.readAsDataURL(file);
  return image;
}
