/**
 * What the tab is called: with a number before it and a dot on its icon while something has happened out of sight, and, where the
 * person allowed it, a notice of the browser's own.
 */
export class TabTitle {
  #title = document.title;
  #unseen = 0;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#show(0);
    });
  }

  /** @param {string} title */
  set title(title) {
    this.#title = title;
    this.#show(this.#unseen);
  }

  /**
   * Something has happened.
   * @param {{title: string, body: string}} notice
   */
  happened({ title, body }) {
    if (document.visibilityState === "visible") return;
    this.#show(this.#unseen + 1);
    if (!areNoticesOn()) return;
    const notice = new Notification(title, { body: body.slice(0, 200), tag: title, icon: "./favicon.svg" });
    notice.addEventListener("click", () => {
      window.focus();
      notice.close();
    });
  }

  /** @param {number} unseen */
  #show(unseen) {
    this.#unseen = unseen;
    document.title = unseen > 0 ? `(${unseen}) ${this.#title}` : this.#title;
    const icon = unseen > 0 ? "./favicon-unseen.svg" : "./favicon.svg";
    const link = document.querySelector('link[rel="icon"]');
    if (link?.getAttribute("href") !== icon) link?.setAttribute("href", icon);
  }
}

const KEY = "parlor.notices";

/** Whether the person wants notices, and the browser shows them. */
export function areNoticesOn() {
  return "Notification" in globalThis && Notification.permission === "granted" && read() === "yes";
}

/** @param {boolean} wanted @returns {Promise<boolean>} whether they are on now */
export async function setNotices(wanted) {
  if (wanted && "Notification" in globalThis && Notification.permission === "default") await Notification.requestPermission();
  try {
    localStorage.setItem(KEY, wanted ? "yes" : "no");
  } catch {}
  return areNoticesOn();
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
