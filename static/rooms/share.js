import { openDialog } from "../page/dialog.js";
import { element } from "../page/element.js";
import { toast } from "../page/toast.js";
import { roomAddress } from "./address.js";

/**
 * How others come in: the room's link, and invitations that need neither password nor approval.
 *
 * @param {import("../parlor.js").Parlor} parlor
 * @param {{code: string, entry_mode: string, mayInvite: boolean}} room
 */
export function share(parlor, { code, entry_mode: mode, mayInvite }) {
  const link = new URL(roomAddress(code), location.href).href;
  const rows = [copyable("Link", link), copyable("Code", code)];
  if (mode !== "OPEN") rows.push(element("p", { class: "hint" }, mode === "PASSWORD" ? "Whoever follows it is asked for the password." : "Whoever follows it has to be let in by you."));
  if (mayInvite) rows.push(invitation(parlor, code, mode));
  openDialog("Invite others", ...rows);
}

/** @param {import("../parlor.js").Parlor} parlor @param {string} code @param {string} mode */
function invitation(parlor, code, mode) {
  const place = element("div", { class: "field" });
  const text = mode === "OPEN" ? "Make an invitation" : "Make an invitation that skips that";
  const make = element("button", { type: "button", class: "link" }, text);
  make.addEventListener("click", async () => {
    make.disabled = true;
    try {
      const { token } = await parlor.rooms.invite(code);
      const url = new URL(`./room.html#invitation=${encodeURIComponent(token)}`, location.href).href;
      place.replaceChildren(copyable("Invitation, good for a week", url));
    } catch (error) {
      toast(/** @type {Error} */ (error).message);
      make.disabled = false;
    }
  });
  place.append(make);
  return place;
}

/** @param {string} label @param {string} text */
function copyable(label, text) {
  const input = element("input", { type: "text", readonly: true, value: text, "aria-label": label });
  const copy = element("button", { type: "button", class: "primary" }, "Copy");
  input.addEventListener("focus", () => input.select());
  copy.addEventListener("click", async () => {
    // Pages on plain http from another machine have no clipboard.
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    if (!copied) input.select();
    copy.textContent = copied ? "Copied" : "Select and copy";
    setTimeout(() => { copy.textContent = "Copy"; }, 1_500);
  });
  return element("div", { class: "field" }, element("span", { class: "label" }, label), element("div", { class: "joined" }, input, copy));
}
