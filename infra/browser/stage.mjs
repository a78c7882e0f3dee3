// A browser and a server for one file of scenarios.

import { join } from "node:path";
import { chromium } from "playwright-core";
import { LocalDev } from "./local-dev.mjs";

const PATIENCE = 20_000;
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
];
/** What the browser itself says of servers that are away, and of answers that are no 200. */
const EXPECTED = /ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|WebSocket|the server responded with a status of 4\d\d/;

export class Stage {
  /** What runs in each page before all else. @type {(() => void)[]} */
  scripts = [];

  /** @param {string[]} [options]  more of local-dev's */
  static async set(options = []) {
    const stage = new Stage();
    stage.server = await LocalDev.start(undefined, 0, options);
    stage.browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
    return stage;
  }

  /** One of the server's pages, in a browser of its own; `complaints` is what it should not have said. */
  async visit(path, options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    for (const script of this.scripts) await context.addInitScript(script);
    return this.another(context, path);
  }

  /** Another tab of a browser. */
  async another(context, path) {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.complaints = [];
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      // Pages ask in dialogs of their own; leaving one with a half-written text is the only question of the browser's.
      if (dialog.type() !== "beforeunload") page.complaints.push(`${dialog.type()}: ${dialog.message()}`);
      dialog.dismiss().catch(() => undefined);
    });
    page.on("console", (message) => {
      if (message.type() === "error" && !EXPECTED.test(message.text())) page.complaints.push(message.text());
    });
    await page.goto(new URL(path, this.server.url).href);
    return page;
  }

  async strike() {
    await this.browser?.close();
    await this.server?.stop();
  }
}

/** Waits until the connection is in a state. */
export const state = (page, name) => page.waitForSelector(`#connection[data-state="${name}"]`);

export function shot(page, name) {
  const folder = process.env.SCREENSHOTS;
  return folder ? page.screenshot({ path: join(folder, `${name}.png`) }) : undefined;
}

/** How far a page can be pushed sideways, in pixels. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** A phone, in the dark if wanted. */
export const phone = (colorScheme = "light", width = 390) => ({ viewport: { width, height: 844 }, colorScheme, isMobile: true, hasTouch: true });
