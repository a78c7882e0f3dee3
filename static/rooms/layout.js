/**
 * Which parts of a room are in sight. A wide window shows the stage and one part beside it, a phone one part at a time below
 * the stage.
 */

const KEY = "parlor.layout";

export class Layout {
  #body = document.body;
  #panels;
  #theatre;
  /** @type {(panel: string) => void} */ #onPanel;

  /** @param {{panels: HTMLElement, theatre: HTMLElement}} parts @param {(panel: string) => void} onPanel */
  constructor({ panels, theatre }, onPanel) {
    this.#panels = panels;
    this.#theatre = theatre;
    this.#onPanel = onPanel;
    for (const button of panels.querySelectorAll("button")) {
      button.addEventListener("click", () => this.show(button.dataset.panel ?? "chat"));
    }
    theatre.addEventListener("click", () => this.#setTheatre(this.#body.dataset.layout !== "theatre"));
    this.#setTheatre(remembered() === "theatre");
  }

  get panel() {
    return this.#body.dataset.panel ?? "chat";
  }

  /** @param {string} panel */
  show(panel) {
    this.#body.dataset.panel = panel;
    for (const button of this.#panels.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.panel === panel));
    }
    this.#onPanel(panel);
  }

  /** Whether something is watched. @param {boolean} isOn */
  stage(isOn) {
    this.#body.dataset.stage = isOn ? "on" : "empty";
  }

  /** @param {boolean} isOn */
  #setTheatre(isOn) {
    this.#body.dataset.layout = isOn ? "theatre" : "side";
    this.#theatre.setAttribute("aria-pressed", String(isOn));
    try {
      localStorage.setItem(KEY, isOn ? "theatre" : "side");
    } catch {}
  }

  toggleTheatre() {
    if (this.#body.dataset.stage === "on") this.#setTheatre(this.#body.dataset.layout !== "theatre");
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
