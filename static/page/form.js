import { sentenceOf, sentencesOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { element } from "./element.js";

/**
 * Forms that are made of fields, say what was wrong with which, and are sent once at a time.
 *
 * @typedef {object} FieldOptions
 * @property {string} name
 * @property {string} label
 * @property {"text" | "password" | "email" | "number" | "search"} [type]
 * @property {string} [value]
 * @property {string} [autocomplete]
 * @property {string} [hint]
 * @property {string} [placeholder]
 * @property {number} [maxlength]
 * @property {boolean} [required]
 */

let made = 0;

/** @param {FieldOptions} options */
export function field({ name, label, type = "text", value = "", autocomplete = "off", hint = "", placeholder = "", maxlength = 200, required = false }) {
  const id = `field-${++made}`;
  const input = element("input", { id, name, type, value, autocomplete, placeholder, maxlength: String(maxlength), "aria-describedby": `${id}-note`, required, ...(type === "text" ? { dir: "auto" } : {}) });
  const note = element("p", { id: `${id}-note`, class: "hint field-note" }, hint);
  return element("div", { class: "field" }, element("label", { for: id }, label), input, note);
}

/** @param {{name: string, label: string, options: [value: string, text: string][], value?: string}} options */
export function choice({ name, label, options, value }) {
  const id = `field-${++made}`;
  const select = element("select", { id, name }, ...options.map(([option, text]) => element("option", { value: option, selected: option === value }, text)));
  return element("div", { class: "field" }, element("label", { for: id }, label), select);
}

/** @param {{name: string, label: string, checked?: boolean}} options */
export function checkbox({ name, label, checked = false }) {
  return element("label", { class: "check" }, element("input", { type: "checkbox", name, checked }), element("span", {}, label));
}

/**
 * @param {string} submit  what its button says
 * @param {(values: Record<string, string>, form: HTMLFormElement) => Promise<void>} send  a `RequestError` is shown in the form
 * @param {...(Node | string)} content
 */
export function form(submit, send, ...content) {
  const problem = element("p", { class: "problem", role: "alert", hidden: true });
  const button = element("button", { type: "submit", class: "primary" }, submit);
  const whole = element("form", { class: "fields", novalidate: true }, ...content, problem, element("div", { class: "dialog-buttons" }, button));
  whole.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    const missing = [...whole.elements].find((input) => input instanceof HTMLInputElement && input.required && input.value.trim() === "");
    clear(whole, problem);
    if (missing) return refuse(whole, problem, { message: "", fields: { [/** @type {any} */ (missing).name]: t("form.needed") } });
    button.disabled = true;
    try {
      await send(valuesOf(whole), whole);
    } catch (error) {
      const refused = /** @type {import("../client/http.js").RequestError} */ (error);
      refuse(whole, problem, { message: sentenceOf(refused), fields: await sentencesOf(refused.fields) });
    } finally {
      button.disabled = false;
    }
  });
  return whole;
}

/** @param {HTMLFormElement} whole @returns {Record<string, string>} */
function valuesOf(whole) {
  const texts = [...new FormData(whole)].filter(([, value]) => typeof value === "string");
  const boxes = [...whole.querySelectorAll("input[type=checkbox]")].map((box) => [/** @type {any} */ (box).name, String(/** @type {any} */ (box).checked)]);
  return Object.fromEntries([...texts, ...boxes]);
}

/** @param {HTMLFormElement} whole @param {HTMLElement} problem */
function clear(whole, problem) {
  problem.hidden = true;
  for (const input of whole.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  for (const note of whole.querySelectorAll(".field-note.problem")) note.remove();
}

/**
 * @param {HTMLFormElement} whole
 * @param {HTMLElement} problem
 * @param {{message: string, fields?: Record<string, string>}} error
 */
function refuse(whole, problem, { message, fields = {} }) {
  const left = [];
  let first = null;
  for (const [name, why] of Object.entries(fields)) {
    const input = /** @type {HTMLInputElement | null} */ (whole.querySelector(`[name="${CSS.escape(name)}"]`));
    if (!input) {
      left.push(`${name}: ${why}`);
      continue;
    }
    first ??= input;
    input.setAttribute("aria-invalid", "true");
    input.after(element("p", { class: "problem field-note" }, why));
  }
  const sentence = left.length > 0 ? left.join(" ") : first ? "" : message;
  problem.textContent = sentence;
  problem.hidden = sentence === "";
  first?.focus();
}
