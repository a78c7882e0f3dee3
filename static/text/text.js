import { chosenLanguage, languageOf, localeOf } from "./language.js";

/**
 * What the pages say, in the visitor's language, which alone is loaded. Pages load this module first, so that it comes early.
 *
 * @typedef {keyof typeof import("./en.js").default | keyof typeof import("./en-desk.js").default} Key
 * @typedef {Record<string, string | number>} Values
 */

/** @type {Record<string, () => Promise<{default: Record<string, any>}>>} */
const TEXTS = { en: () => import("./en.js"), de: () => import("./de.js") };
/** @type {typeof TEXTS} */
const DESK = { en: () => import("./en-desk.js"), de: () => import("./de-desk.js") };
/** The one page that needs more says so in its file. */
const isDesk = !globalThis.document?.documentElement || document.documentElement.dataset?.texts === "desk";

const wanted = globalThis.navigator?.languages ?? [];
export const language = globalThis.document ? languageOf(chosenLanguage(), wanted) : "en";
export const locale = globalThis.document ? localeOf(language, wanted) : undefined;

/** @type {Record<string, any>} */
const texts = Object.assign({}, ...(await Promise.all((isDesk ? [TEXTS, DESK] : [TEXTS]).map((set) => set[language]()))).map((module) => module.default));
const plurals = new Intl.PluralRules(language);

/**
 * A text, with what is to be filled in.
 * @param {Key} key
 * @param {Values} [values]  of texts with a singular and a plural, `count` decides
 * @returns {string}
 */
export function t(key, values = {}) {
  const text = texts[key];
  const form = typeof text === "string" ? text : text[plurals.select(Number(values.count))] ?? text.other;
  return form.replace(/\{(\w+)\}/g, (/** @type {string} */ whole, /** @type {string} */ name) => isolated(String(values[name] ?? whole)));
}

/** Letters that run from right to left, and the marks that turn text around. */
const TURNING = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]|[\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Marks that would reach beyond the text they are in. */
const MARKS = /[\u202a-\u202e\u2066-\u2069]/g;

/** What is filled in keeps its direction to itself, as in a `<bdi>`. @param {string} text */
const isolated = (text) => (TURNING.test(text) ? `\u2068${text.replace(MARKS, "")}\u2069` : text);

/** Whether there is such a text. @param {string} key @returns {key is Key} */
export const isText = (key) => Object.hasOwn(texts, key);

/** Where a page's elements name their texts. */
const ATTRIBUTES = { "data-t-label": "aria-label", "data-t-placeholder": "placeholder", "data-t-title": "title", "data-t-content": "content", "data-t-drop": "data-drop" };

/** A page's file is English. @param {Document} page */
function translate(page) {
  page.documentElement.lang = language;
  for (const part of page.querySelectorAll("[data-t]")) part.textContent = t(/** @type {Key} */ (part.getAttribute("data-t")));
  for (const [from, to] of Object.entries(ATTRIBUTES)) {
    for (const part of page.querySelectorAll(`[${from}]`)) part.setAttribute(to, t(/** @type {Key} */ (part.getAttribute(from))));
  }
}

if (globalThis.document && language !== "en") translate(document);
