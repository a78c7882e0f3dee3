import { Chat } from "../chat/chat.js";
import { comingBack } from "../client/close.js";
import { openChannel } from "../client/live.js";
import { ConnectionBadge } from "../page/connection-badge.js";
import { bdi, byId, element } from "../page/element.js";
import { keepAwake } from "../page/here.js";
import { showShortcuts } from "../page/keyboard.js";
import { openMenu } from "../page/menu.js";
import { areNoticesOn, setNotices, TabTitle } from "../page/tab-title.js";
import { toast } from "../page/toast.js";
import { closeSentence, sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { Watch } from "../watch/watch.js";
import { Layout } from "./layout.js";
import { PeoplePanel } from "./people-panel.js";
import { addRoomKeys } from "./room-keys.js";
import { Roster } from "./roster.js";
import { closeRoom, leaveRoom, settings } from "./settings.js";
import { share } from "./share.js";

/** A room that one is in: puts chat, people and what is watched together. */
export class Room {
  #parlor;
  #code;
  /** Its details. @type {Record<string, any>} */ #details = {};
  #roster = new Roster();
  #channel;
  #title = new TabTitle();
  #layout;
  #people;
  /** @type {Chat} */ #chat;
  /** @type {Watch} */ #watch;
  /** Messages that came while another part was in sight. */
  #unread = 0;

  /** @param {import("../client/server.js").Server} parlor @param {string} code */
  constructor(parlor, code) {
    this.#parlor = parlor;
    this.#code = code;
    this.#channel = openChannel(parlor, code);
    this.#layout = new Layout({ panels: byId("panels"), theatre: byId("layout") }, (panel) => this.#panelShown(panel));
    this.#people = new PeoplePanel({
      code, parlor, roster: this.#roster,
      mayModerate: () => this.#mayModerate, isHost: () => this.#isHost, onChanged: () => this.#readPeople(),
    }, { requests: byId("people-requests"), list: byId("people-list") });
    this.#chat = new Chat({
      parlor, channel: this.#channel,
      people: () => this.#roster.all.filter(({ id }) => id !== this.#me).map(({ id, display_name: name }) => ({ id, name })),
      nameOf: (id) => this.#roster.get(id)?.display_name ?? null,
      mayModerate: () => this.#mayModerate,
      readers: () => this.#roster.all.map(({ id, display_name: name, last_read_id }) => ({ id, name, last_read_id })),
    });
    this.#watch = new Watch({
      parlor, channel: this.#channel, layout: this.#layout,
      mayCommand: () => this.#mayModerate,
      mayQueue: () => this.#mayModerate || this.#details.who_may_queue === "MEMBERS",
      hostName: () => this.#roster.all.find(({ is_host: isHost }) => isHost)?.display_name ?? t("room.theHost"),
      onInvite: () => this.#share(),
    });
  }

  async open() {
    this.#showRoom();
    this.#listen();
    await Promise.all([this.#readDetails(), this.#readPeople(true)]);
    this.#channel.connect();
    keepAwake(this.#channel);
    this.#people.readApplicants().then(() => this.#showCounts());
  }

  get #me() {
    return this.#parlor.session.user?.id;
  }

  get #isHost() {
    return this.#roster.get(this.#me)?.is_host === true || (this.#details.is_host === true && this.#roster.get(this.#me) === null);
  }

  /** Private, of just these people: without a host, and nobody comes in later. */
  get #isConversation() {
    const { is_private: isPrivate, host_id: host } = this.#details;
    return isPrivate === true && host === null && /^\d{9}$/.test(this.#code);
  }

  get #name() {
    const others = this.#roster.all.filter(({ id }) => id !== this.#me).map(({ display_name: name }) => name);
    const fallback = this.#isConversation ? others.join(", ") : this.#code;
    const { name } = this.#details;
    return (name && name !== this.#code ? name : "") || fallback || t("notes");
  }

  get #mayModerate() {
    return this.#isHost || this.#roster.get(this.#me)?.is_cohost === true;
  }

  #showRoom() {
    document.body.dataset.view = "room";
    byId("door").hidden = true;
    for (const id of ["room", "panels", "room-tools", "connection"]) byId(id).hidden = false;
    addRoomKeys(this.#layout, { onPlay: () => this.#watch.toggle(), onFull: () => this.#watch.fullScreen() });
    byId("share").addEventListener("click", () => this.#share());
    byId("room-menu").addEventListener("click", () => openMenu(byId("room-menu"), this.#menu()));
  }

  #listen() {
    const channel = this.#channel;
    const badge = new ConnectionBadge({
      badge: byId("connection"), dot: byId("connection-dot"), label: byId("connection-label"), since: byId("connection-since"),
      trouble: byId("trouble"), reason: byId("trouble-reason"), retry: byId("trouble-retry"), spoken: byId("connection-spoken"),
    }, () => channel.connect());
    /** @param {keyof import("../client/channel-events.js").ChannelEvents} name @param {(detail: any) => void} run */
    const on = (name, run) => channel.addEventListener(name, (event) => run(/** @type {CustomEvent} */ (event).detail));
    on("state", (state) => {
      badge.show(state);
      if (state.kind === "closed") this.#closed(state.closed);
    });
    on("participants", (frame) => this.#peopleAre(() => this.#roster.here(frame)));
    on("joined", (frame) => this.#peopleAre(() => this.#roster.joined(frame) && this.#readPeople()));
    on("left", (frame) => this.#peopleAre(() => this.#roster.left(frame)));
    on("member", (frame) => this.#memberUpdated(frame));
    on("host", (frame) => this.#hostEvent(frame));
    on("room", ({ changes }) => this.#changed(changes));
    on("deleted-room", () => toast(t("room.closed")));
    on("broadcast", ({ text }) => toast(text));
    on("requested", ({ user, room }) => {
      if (String(room).toLowerCase() === this.#code.toLowerCase()) toast(t("room.wantsIn", { name: user }));
      this.#people.readApplicants().then(() => this.#showCounts());
    });
    on("message", (message) => this.#heard(message));
    this.#parlor.session.addEventListener("change", () => this.#parlor.session.token === null && location.reload());
  }

  async #readDetails() {
    try {
      this.#changed(await this.#parlor.rooms.details(this.#code));
    } catch (error) {
      toast(sentenceOf(error));
    }
  }

  /** @param {boolean} [isFirst] */
  async #readPeople(isFirst = false) {
    try {
      this.#roster.replace(await this.#parlor.rooms.participants(this.#code));
    } catch (error) {
      if (isFirst) toast(sentenceOf(error));
    }
    if (isFirst) this.#chat.readUpTo(this.#roster.get(this.#me)?.last_read_id ?? 0);
    this.#peopleAre(() => undefined);
  }

  /** @param {() => unknown} change */
  #peopleAre(change) {
    const could = this.#mayModerate;
    change();
    this.#people.show();
    this.#chat.peopleChanged();
    if (could !== this.#mayModerate) this.#people.readApplicants().then(() => this.#showCounts());
    this.#showCounts();
    this.#showMute();
    this.#watch.rightsChanged();
  }

  /** @param {any} frame */
  #memberUpdated(frame) {
    this.#peopleAre(() => this.#roster.updated(frame));
    if (frame.user_id === this.#me && frame.muted_until && Date.parse(frame.muted_until) > Date.now()) toast(t("room.youWereMuted"));
  }

  /** @param {any} frame */
  #hostEvent(frame) {
    if (frame.type === "HOST_DISCONNECTED") toast(t("room.hostAway", { count: frame.grace_seconds }));
    if (frame.type === "HOST_RECONNECTED") toast(t("room.hostBack"));
    if (frame.type !== "HOST_CHANGED") return;
    toast(frame.host_id === this.#me ? t("room.youAreHost") : t("room.hostIs", { name: frame.host }));
    this.#peopleAre(() => this.#roster.hostChanged(frame));
    this.#details.is_host = frame.host_id === this.#me;
  }

  /** Some of its details, or all. @param {Record<string, any>} details */
  #changed(details) {
    this.#details = { ...this.#details, ...details };
    document.body.dataset.kind = this.#isConversation ? "conversation" : "room";
    byId("share").hidden = this.#isConversation;
    const about = this.#details.description ?? "";
    byId("room-name").title = byId("room-about").textContent = about;
    byId("room-about").hidden = about === "";
    this.#showCounts();
    this.#showMute();
    this.#watch.detailsChanged(details);
  }

  #showCounts() {
    const { count } = this.#roster;
    byId("room-name").replaceChildren(bdi(this.#name));
    this.#title.title = `${this.#name} · Parlor`;
    byId("room-line").textContent = this.#isConversation ? t("room.privateLine", { count }) : t("room.line", { code: this.#code, count });
    byId("people-count").textContent = String(count);
    badgeNumber("people-waiting", this.#people.applicants);
    badgeNumber("chat-unread", this.#unread);
  }

  #showMute() {
    const until = this.#roster.get(this.#me)?.muted_until ?? null;
    const isMuted = until !== null && Date.parse(until) > Date.now();
    this.#chat.lock(this.#details.is_chat_enabled === false ? t("room.chatOff") : isMuted ? t("room.youAreMuted") : "");
  }

  /** @param {any} message */
  #heard(message) {
    if (message.sender_id === this.#me || message.replayed) return;
    this.#title.happened({ title: `${message.user} · ${this.#name}`, body: message.message || t("aFile") });
    if (this.#layout.panel === "chat") return;
    this.#unread += 1;
    this.#showCounts();
  }

  /** @param {string} panel */
  #panelShown(panel) {
    if (panel === "chat") this.#unread = 0;
    this.#showCounts();
  }

  #share() {
    share(this.#parlor, { code: this.#code, entry_mode: this.#details.entry_mode ?? "OPEN", mayInvite: this.#mayModerate });
  }

  /** @returns {import("../page/menu.js").Action[]} */
  #menu() {
    const notices = "Notification" in globalThis
      ? [{ label: areNoticesOn() ? t("room.noticesOff") : t("room.noticesOn"), run: async () => toast((await setNotices(!areNoticesOn())) ? t("room.noticesAreOn") : t("room.noticesAreOff")) }] : [];
    return [
      ...(this.#mayModerate ? [{ label: t("room.settings"), run: () => settings(this.#parlor, this.#details, (details) => this.#changed(details)) }] : []),
      ...notices,
      { label: t("keys.title"), run: showShortcuts },
      { label: t("toHome"), run: () => location.assign("./") },
      ...(this.#isConversation ? [{ label: t("toInbox"), run: () => location.assign("./inbox.html") }] : []),
      // Two people's conversation stays; what one can do is to block the other.
      ...(this.#isConversation && this.#roster.all.length < 3 ? [] : [{ label: t("room.leave"), isBad: true, run: () => leaveRoom(this.#parlor, this.#details) }]),
      ...(this.#isHost ? [{ label: t("room.close"), isBad: true, run: () => closeRoom(this.#parlor, this.#details) }] : []),
    ];
  }

  /** The socket is closed for good, or until something has happened. @param {import("../client/close.js").Closed} closed */
  #closed(closed) {
    const after = comingBack(closed.code);
    if (after === "by itself") return;
    if (after === "after signing in") return this.#parlor.session.expire();
    document.body.dataset.view = "door";
    byId("room").hidden = byId("panels").hidden = byId("room-tools").hidden = true;
    byId("door").hidden = false;
    const back = element("button", { type: "button", class: "primary" }, t("room.comeBack"));
    back.addEventListener("click", () => location.reload());
    byId("door-card").replaceChildren(element("h2", {}, t("room.out")), element("p", {}, closeSentence(closed)),
      ...(closed.code === 4005 || closed.code === 4010 ? [] : [back]), element("a", { href: "./" }, t("toHome")));
  }
}

/** @param {string} id @param {number} count */
function badgeNumber(id, count) {
  byId(id).hidden = count === 0;
  byId(id).textContent = count > 99 ? "99+" : String(count);
}
