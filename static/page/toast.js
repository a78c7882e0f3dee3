import { sentenceOf } from "../text/problems.js";
import { element } from "./element.js";

/** A sentence that comes and goes at the foot of the page, and is read out. */
const SHOWN_FOR = 6_000;

/** @type {HTMLElement | null} */
let box = null;

/** @param {string} sentence */
export function toast(sentence) {
  box ??= document.body.appendChild(element("div", { class: "toasts", role: "status" }));
  const note = element("p", { class: "toast" }, sentence);
  box.append(note);
  while (box.children.length > 3) box.firstElementChild?.remove();
  setTimeout(() => note.remove(), SHOWN_FOR);
}

/** Says what came of a request that nobody waits for. @param {Promise<unknown>} request @param {string} [done] */
export async function tellIfItFails(request, done) {
  try {
    await request;
    if (done) toast(done);
    return true;
  } catch (error) {
    toast(sentenceOf(error));
    return false;
  }
}
