import { avatar } from "../page/avatar.js";
import { confirmed } from "../page/dialog.js";
import { bdi, element, icon } from "../page/element.js";
import { openMenu } from "../page/menu.js";
import { tellIfItFails } from "../page/toast.js";
import { t } from "../text/text.js";

/**
 * The people of a room: who is here, who wants in, and what the host may do.
 *
 * @typedef {import("./roster.js").Participant} Participant
 *
 * @typedef {object} PeopleRoom
 * @property {string} code
 * @property {import("../client/server.js").Server} parlor
 * @property {import("./roster.js").Roster} roster
 * @property {() => boolean} mayModerate
 * @property {() => boolean} isHost
 * @property {() => Promise<void>} onChanged  reads the list anew
 */
export class PeoplePanel {
  /** @type {PeopleRoom} */ #room;
  #parts;
  /** @type {Participant[]} */ #applicants = [];
  /** @type {Participant[]} */ #banned = [];

  /** @param {PeopleRoom} room @param {{requests: HTMLElement, list: HTMLElement}} parts */
  constructor(room, parts) {
    this.#room = room;
    this.#parts = parts;
  }

  get applicants() {
    return this.#applicants.length;
  }

  /** Reads who wants in, if that is one's business. */
  async readApplicants() {
    const { parlor, code } = this.#room;
    if (!this.#room.mayModerate()) this.#applicants = this.#banned = [];
    else {
      this.#applicants = await parlor.rooms.participants(code, "PENDING").catch(() => []);
      this.#banned = await parlor.rooms.participants(code, "BANNED").catch(() => []);
    }
    this.show();
  }

  show() {
    const { roster } = this.#room;
    const { requests, list } = this.#parts;
    requests.replaceChildren(...(this.#applicants.length === 0 ? [] : [
      element("h3", {}, t("people.applicants")),
      element("ul", { class: "people" }, ...this.#applicants.map((person) => this.#applicant(person)))]));
    list.replaceChildren(
      ...this.#group(t("people.here", { count: roster.count }), roster.present),
      ...this.#group(t("people.away"), roster.away),
      ...this.#group(t("people.banned"), this.#banned),
    );
  }

  /** @param {string} heading @param {Participant[]} people */
  #group(heading, people) {
    if (people.length === 0) return [];
    return [element("h3", {}, heading), element("ul", { class: "people" }, ...people.map((person) => this.#person(person)))];
  }

  /** @param {Participant} person */
  #person(person) {
    const me = this.#room.parlor.session.user?.id;
    const tags = [
      ...(person.is_host ? [t("host")] : person.is_cohost ? [t("cohost")] : []),
      ...(person.is_guest ? [t("guest")] : []),
      ...(isMuted(person) ? [t("people.muted")] : []),
      ...(person.id === me ? [t("people.you")] : []),
    ].map((text) => element("span", { class: text === t("host") || text === t("cohost") ? "tag" : "tag quiet-tag" }, text));
    const row = element("li", { class: person.present ? "person here" : "person" }, avatar(person.display_name, person.photo),
      element("span", { class: "person-name" }, bdi(person.display_name)), ...tags);
    const actions = this.#actions(person, me);
    if (actions.length > 0) {
      const button = element("button", { type: "button", class: "icon-button", "aria-label": t("people.menu", { name: person.display_name }), "aria-haspopup": "menu" }, icon("more"));
      button.addEventListener("click", () => openMenu(button, actions));
      row.append(button);
    }
    return row;
  }

  /** @param {Participant} person @param {number | undefined} me @returns {import("../page/menu.js").Action[]} */
  #actions(person, me) {
    if (person.id === me) return [];
    const { roster } = this.#room;
    const name = person.display_name;
    if (person.status === "BANNED") return [{ label: t("people.unban"), run: () => this.#act("unban", person) }];
    /** @type {import("../page/menu.js").Action[]} */
    const actions = [];
    const isGuest = this.#room.parlor.session.user?.is_guest === true;
    if (!isGuest && !person.is_guest) actions.push({ label: t("people.write"), run: () => location.assign(`./inbox.html#with=${person.id}`) });
    const mayAct = this.#room.mayModerate() && !person.is_host && (this.#room.isHost() || !roster.get(person.id)?.is_cohost);
    if (!mayAct) return actions;
    actions.push(isMuted(person) ? { label: t("people.unmute"), run: () => this.#act("unmute", person) } : { label: t("people.mute"), run: () => this.#act("mute", person, 600) });
    if (this.#room.isHost()) {
      actions.push(person.is_cohost ? { label: t("people.uncohost"), run: () => this.#act("uncohost", person) } : { label: t("people.cohost"), run: () => this.#act("cohost", person) });
      actions.push({ label: t("people.handOver"), run: () => this.#ask("host", person, t("people.handOverTo", { name }), t("people.handOverWhat", { name }), t("people.handOverYes")) });
    }
    actions.push({ label: t("people.kick"), isBad: true, run: () => this.#act("kick", person) });
    actions.push({ label: t("people.ban"), isBad: true, run: () => this.#ask("ban", person, t("people.banWho", { name }), t("people.banWhat", { name }), t("people.ban")) });
    return actions;
  }

  /** @param {import("../client/rooms.js").Measure} measure @param {Participant} person @param {number} [seconds] */
  async #act(measure, person, seconds) {
    const { parlor, code, onChanged } = this.#room;
    if (!(await tellIfItFails(parlor.rooms.act(code, measure, person.id, seconds)))) return;
    if (measure === "ban") this.#room.roster.removed(person.id);
    await onChanged();
    await this.readApplicants();
  }

  /** @param {import("../client/rooms.js").Measure} measure @param {Participant} person @param {string} title @param {string} sentence @param {string} yes */
  async #ask(measure, person, title, sentence, yes) {
    if (await confirmed(title, sentence, yes)) await this.#act(measure, person);
  }

  /** @param {Participant} person */
  #applicant(person) {
    const name = person.display_name;
    const yes = element("button", { type: "button", class: "primary compact", "aria-label": t("people.letWhoIn", { name }) }, t("people.letIn"));
    const no = element("button", { type: "button", class: "quiet compact", "aria-label": t("people.refuse", { name }) }, t("no"));
    const decide = async (/** @type {boolean} */ approve) => {
      yes.disabled = no.disabled = true;
      await tellIfItFails(this.#room.parlor.rooms.decide(this.#room.code, person.id, approve));
      await this.readApplicants();
      await this.#room.onChanged();
    };
    yes.addEventListener("click", () => decide(true));
    no.addEventListener("click", () => decide(false));
    return element("li", { class: "person" }, avatar(name, person.photo), element("span", { class: "person-name" }, bdi(name)), no, yes);
  }
}

/** @param {Participant} person */
function isMuted({ muted_until: until }) {
  return until !== null && Date.parse(until) > Date.now();
}
