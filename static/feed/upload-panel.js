import { bdi, element, icon } from "../page/element.js";
import { bytes } from "../page/format.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { upload } from "./upload.js";

/**
 * The form that shares a file: choosing or dropping it, fields to go with it, progress, and what came of it.
 *
 * @typedef {import("../client/session.js").Session} Session
 * @typedef {import("./upload.js").Uploaded} Uploaded
 *
 * @typedef {object} UploadPanelParts
 * @property {HTMLFormElement} form
 * @property {HTMLFieldSetElement} controls  everything that needs a sign-in
 * @property {HTMLElement} drop  where a file can be dropped
 * @property {HTMLInputElement} file
 * @property {HTMLElement} chosen  names the chosen file
 * @property {HTMLElement} params
 * @property {HTMLElement} addParam
 * @property {HTMLButtonElement} submit
 * @property {HTMLElement} sending  shown while the file is on its way
 * @property {HTMLProgressElement} progress
 * @property {HTMLElement} sent
 * @property {HTMLElement} cancel
 * @property {HTMLElement} outcome
 */

export class UploadPanel {
  /** @type {Session} */ #session;
  /** @type {UploadPanelParts} */ #parts;
  /** @type {(uploaded: Uploaded) => void} */ #onUploaded;
  /** @type {(uploaded: Uploaded) => void} */ #onPlay;
  /** @type {File | null} */ #file = null;
  /** @type {AbortController | null} */ #abort = null;

  /**
   * @param {Session} session
   * @param {UploadPanelParts} parts
   * @param {{onUploaded: (uploaded: Uploaded) => void, onPlay: (uploaded: Uploaded) => void}} listener
   */
  constructor(session, parts, { onUploaded, onPlay }) {
    this.#session = session;
    this.#parts = parts;
    this.#onUploaded = onUploaded;
    this.#onPlay = onPlay;
    session.addEventListener("change", () => this.#showControls());
    parts.file.addEventListener("change", () => this.#choose(parts.file.files?.[0] ?? null));
    parts.addParam.addEventListener("click", () => this.#addParam());
    parts.cancel.addEventListener("click", () => this.#abort?.abort());
    parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#acceptDrops();
    // This code is loaded late: a file may have been chosen before it was there.
    this.#choose(parts.file.files?.[0] ?? null);
  }

  #acceptDrops() {
    const { drop } = this.#parts;
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.toggle("over", !this.#parts.controls.disabled);
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      if (!this.#parts.controls.disabled) this.#choose(event.dataTransfer?.files[0] ?? null);
    });
  }

  /** @param {File | null} file */
  #choose(file) {
    this.#file = file;
    const { chosen, drop } = this.#parts;
    drop.classList.toggle("filled", file !== null);
    chosen.replaceChildren(...(file
      ? [element("span", { class: "file-name" }, bdi(file.name)), element("span", { class: "file-size" }, bytes(file.size))]
      : [element("span", {}, t("upload.choose"))]));
    this.#parts.outcome.replaceChildren();
    this.#showControls();
  }

  #addParam() {
    const name = element("input", { type: "text", placeholder: t("upload.name"), "aria-label": t("upload.nameLabel"), autocomplete: "off" });
    const value = element("input", { type: "text", placeholder: t("upload.value"), "aria-label": t("upload.valueLabel"), autocomplete: "off" });
    const remove = element("button", { type: "button", class: "icon-button", "aria-label": t("upload.removeField") }, icon("close"));
    const row = element("div", { class: "param" }, name, value, remove);
    remove.addEventListener("click", () => {
      row.remove();
      this.#parts.addParam.focus();
    });
    this.#parts.params.append(row);
    name.focus();
  }

  /** @returns {[string, string][]} */
  #params() {
    return [...this.#parts.params.querySelectorAll(".param")].map((row) => {
      const [name, value] = row.querySelectorAll("input");
      return [name.value, value.value];
    });
  }

  async #send() {
    const { token } = this.#session;
    const file = this.#file;
    if (!file) return;
    if (token === null) return this.#session.expire();
    this.#abort = new AbortController();
    this.#showSending(true);
    try {
      const onProgress = (/** @type {number} */ sent, /** @type {number} */ total) => this.#showProgress(sent, total);
      this.#succeed(await upload({ file, params: this.#params(), token, onProgress, signal: this.#abort.signal }));
    } catch (error) {
      this.#fail(/** @type {import("../client/http.js").RequestError} */ (error));
    } finally {
      this.#showSending(false);
    }
  }

  /** @param {boolean} sending */
  #showSending(sending) {
    const { form, sending: row, cancel, file, outcome } = this.#parts;
    if (!sending) this.#abort = null;
    // The focus moves on from what is about to be disabled or hidden, if it is here at all.
    const hadFocus = form.contains(document.activeElement) || document.activeElement === document.body;
    row.hidden = !sending;
    if (sending) {
      outcome.replaceChildren();
      this.#showProgress(0, this.#file?.size ?? 0);
    }
    this.#showControls();
    if (hadFocus) (sending ? cancel : file).focus({ preventScroll: true });
  }

  /** @param {number} sent @param {number} total */
  #showProgress(sent, total) {
    this.#parts.progress.max = Math.max(total, 1);
    this.#parts.progress.value = sent;
    this.#parts.sent.textContent = sent < total ? t("upload.progress", { sent: bytes(sent), total: bytes(total) }) : t("upload.waiting");
  }

  /** @param {Uploaded} uploaded */
  #succeed(uploaded) {
    this.#parts.file.value = "";
    this.#choose(null);
    this.#onUploaded(uploaded);
    const play = element("button", { type: "button", class: "quiet" }, icon("play"), t("play"));
    play.addEventListener("click", () => this.#onPlay(uploaded));
    const links = element("div", { class: "outcome-links" }, play);
    if (/^https?:\/\//i.test(uploaded.saved_to)) {
      links.append(element("a", { href: uploaded.saved_to, target: "_blank", rel: "noopener" }, t("open")));
    }
    this.#parts.outcome.replaceChildren(element("div", { class: "outcome good" },
      element("p", {}, t("upload.saved", { name: uploaded.filename })),
      element("p", { class: "media-id" }, uploaded.media_id),
      links));
  }

  /** @param {import("../client/http.js").RequestError} error */
  #fail(error) {
    const details = Object.entries(error.fields ?? {}).map(([field, why]) => element("li", {}, `${field}: ${why}`));
    const box = element("div", { class: error.code === "CANCELLED" ? "outcome" : "outcome bad" }, element("p", {}, sentenceOf(error)));
    if (details.length > 0) box.append(element("ul", {}, ...details));
    this.#parts.outcome.replaceChildren(box);
    if (error.status === 401) this.#session.expire();
  }

  #showControls() {
    const { controls, submit, form } = this.#parts;
    const signedIn = this.#session.token !== null;
    controls.disabled = !signedIn || this.#abort !== null;
    submit.disabled = this.#file === null;
    form.classList.toggle("locked", !signedIn);
  }
}
