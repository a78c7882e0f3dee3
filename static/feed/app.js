/**
 * Puts the feed's page together: makes each part, hands it its elements, and lets them speak to each other.
 *
 * What knows nothing of the page, and is tested under tests/: ../client (talking to the server), frame.js (what a message
 * means), message-log.js (which messages are kept), upload.js, player.js, media.js. What shows them: connection-badge.js,
 * message-list.js, session-panel.js, upload-panel.js, player-bar.js, views.js, all made of ../page/element.js and index.html.
 */

import { Connection } from "../client/connection.js";
import { ConnectionBadge } from "../page/connection-badge.js";
import { byId, element, icon, wake } from "../page/element.js";
import { clock } from "../page/format.js";
import { parlor } from "../page/here.js";
import { t } from "../text/text.js";
import { feedUrl } from "./feed-url.js";
import { readFrame } from "./frame.js";
import { MediaTitles, PREDEFINED } from "./media.js";
import { MessageList } from "./message-list.js";
import { MessageLog } from "./message-log.js";
import { SessionPanel } from "./session-panel.js";
import { goTo, startViews } from "./views.js";

/** @typedef {import("./media.js").MediaItem} MediaItem */

const fetchHere = window.fetch.bind(window);
const titles = new MediaTitles();
const { session } = parlor;

const tabs = byId("tabs");
startViews(tabs);
const sessionPanel = new SessionPanel(session, {
  form: byId("guest-form"),
  name: byId("guest-name"),
  submit: byId("guest-submit"),
  hint: byId("guest-hint"),
  problem: byId("guest-problem"),
  card: byId("guest-card"),
  who: byId("guest-who"),
  initial: byId("guest-initial"),
  role: byId("guest-role"),
  signOut: byId("guest-sign-out"),
});
byId("guest-account").addEventListener("click", async () => (await import("../account/sign-in.js")).signIn(parlor, { mode: "sign in" }));

// ---- Listening

/** Made when something is to be heard. @type {Promise<import("./player.js").Player> | null} */
let player = null;

function thePlayer() {
  player ??= import("./listening.js").then(({ startPlayer }) => {
    const made = startPlayer({ token: () => session.token, onUnauthenticated: () => expired(made.item), fetch: fetchHere });
    made.addEventListener("change", () => showCurrent(made.item?.mediaId));
    return made;
  });
  return player;
}

/** @param {MediaItem | null} item */
function expired(item) {
  wanted = item;
  session.expire();
}

/** What the visitor wanted to hear when the sign-in came in between. @type {MediaItem | null} */
let wanted = null;

/** @param {MediaItem} item */
function play(item) {
  if (session.token !== null) return thePlayer().then((made) => made.play(item));
  wanted = item;
  askToSignIn(t("feed.nameToHear", { title: item.title }));
}

/** @param {string} sentence */
function askToSignIn(sentence) {
  goTo(tabs, "share");
  sessionPanel.ask(sentence);
}

session.addEventListener("change", () => {
  if (session.token === null) return player?.then((made) => made.clear());
  if (wanted) play(wanted);
  wanted = null;
});
session.addEventListener("expire", () => askToSignIn(t("session.ended")));

for (const item of PREDEFINED) {
  const button = element("button", { type: "button", class: "tune" },
    element("span", { class: "disc" }, icon("play")),
    element("span", { class: "tune-title" }, element("span", { class: "visually-hidden" }, `${t("play")} `), item.title));
  button.addEventListener("click", () => play(item));
  button.dataset.media = item.mediaId;
  byId("tunes").append(element("li", {}, button));
}

/** @param {string | undefined} mediaId */
function showCurrent(mediaId) {
  for (const button of byId("tunes").querySelectorAll("button")) button.classList.toggle("current", button.dataset.media === mediaId);
}

// ---- Sharing

/** @type {import("./upload-panel.js").UploadPanelParts} */
const uploadParts = {
  form: byId("upload-form"),
  controls: byId("upload-controls"),
  drop: byId("upload-drop"),
  file: byId("upload-file"),
  chosen: byId("upload-chosen"),
  params: byId("upload-params"),
  addParam: byId("upload-add-param"),
  submit: byId("upload-submit"),
  sending: byId("upload-sending"),
  progress: byId("upload-progress"),
  sent: byId("upload-sent"),
  cancel: byId("upload-cancel"),
  outcome: byId("upload-outcome"),
};
uploadParts.controls.disabled = true;
uploadParts.form.classList.add("locked");
let canUpload = false;

/** Only who is signed in can share, so nobody else loads what it takes. */
async function allowUploads() {
  if (session.token === null || canUpload) return;
  canUpload = true;
  const { UploadPanel } = await import("./upload-panel.js");
  new UploadPanel(session, uploadParts, {
    onUploaded: ({ media_id: mediaId, filename }) => filename && titles.learn(mediaId, filename),
    onPlay: ({ media_id: mediaId }) => play({ mediaId, title: titles.of(mediaId) }),
  });
}

session.addEventListener("change", allowUploads);
allowUploads();

// A file dropped beside the field would otherwise replace the page.
for (const type of ["dragover", "drop"]) addEventListener(type, (event) => event.preventDefault());

// ---- The feed

const log = new MessageLog();
const list = new MessageList(log, {
  list: byId("messages"),
  scroller: byId("scroller"),
  toNewest: byId("to-newest"),
  forgotten: byId("forgotten"),
  titleOf: (mediaId) => titles.of(mediaId),
  onPlay: play,
});
const badge = new ConnectionBadge({
  badge: byId("connection"),
  dot: byId("connection-dot"),
  label: byId("connection-label"),
  since: byId("connection-since"),
  trouble: byId("trouble"),
  reason: byId("trouble-reason"),
  retry: byId("trouble-retry"),
  spoken: byId("connection-spoken"),
}, () => feed.connect());

const feed = new Connection(feedUrl(location), { onMessage: receive, onState: showState });

/** When the connection was lost that is being made anew. @type {Date | null} */
let lostAt = null;
let wasOpen = false;

/** @param {import("../client/connection.js").ConnectionState} state */
function showState(state) {
  badge.show(state);
  if (wasOpen && state.kind !== "open") lostAt ??= new Date();
  if (state.kind === "open" && lostAt) {
    list.add({ kind: "gap", text: t("feed.gap", { time: clock(lostAt) }) }, new Date());
    lostAt = null;
  }
  wasOpen = state.kind === "open";
}

/** @param {string} text */
function receive(text) {
  const frame = readFrame(text);
  list.add(frame, new Date());
  if (frame.kind === "heartbeat") badge.beat();
  else noteUnseen();
  if (frame.kind === "play" && autoplay.checked && session.token !== null) {
    play({ mediaId: frame.mediaId, title: titles.of(frame.mediaId) });
  }
  showCounts();
}

function showCounts() {
  byId("message-count").textContent = t("feed.messages", { count: log.received.messages });
  byId("heartbeat-count").textContent = String(log.received.heartbeats);
  byId("empty").hidden = log.size > 0;
}

byId("clear").addEventListener("click", () => {
  list.clear();
  showCounts();
});

/** How many messages came while the tab was out of sight. */
let unseen = 0;

function noteUnseen() {
  if (document.visibilityState === "visible") return;
  unseen += 1;
  document.title = `(${unseen}) Parlor`;
}

// ---- Settings that this browser remembers

const heartbeats = /** @type {HTMLInputElement} */ (byId("show-heartbeats"));
const autoplay = /** @type {HTMLInputElement} */ (byId("autoplay"));
remember(heartbeats, "parlor.heartbeats", (shown) => list.showHeartbeats(shown));
remember(autoplay, "parlor.autoplay", () => undefined);

/**
 * @param {HTMLInputElement} box
 * @param {string} key
 * @param {(checked: boolean) => void} apply
 */
function remember(box, key, apply) {
  try {
    box.checked = localStorage.getItem(key) === "yes";
  } catch {}
  apply(box.checked);
  box.addEventListener("change", () => {
    apply(box.checked);
    try {
      localStorage.setItem(key, box.checked ? "yes" : "no");
    } catch {}
  });
}

// ---- Start

byId("feed-address").textContent = feedUrl(location);
addEventListener("online", () => feed.wake());
addEventListener("offline", () => feed.check());
addEventListener("pageshow", (event) => event.persisted && feed.wake());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  unseen = 0;
  document.title = "Parlor";
  feed.wake();
});
showCounts();
wake(byId("guest-form"));
feed.connect();
