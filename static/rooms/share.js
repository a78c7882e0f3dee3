import { copyable } from "../page/copyable.js";
import { openDialog } from "../page/dialog.js";
import { element } from "../page/element.js";
import { toast } from "../page/toast.js";
import { sentenceOf } from "../text/problems.js";
import { t } from "../text/text.js";
import { roomAddress } from "./address.js";

/**
 * How others come in: the room's link, and invitations that need neither password nor approval.
 *
 * @param {import("../client/server.js").Server} parlor
 * @param {{code: string, entry_mode: string, mayInvite: boolean}} room
 */
export function share(parlor, { code, entry_mode: mode, mayInvite }) {
  const link = new URL(roomAddress(code), location.href).href;
  const rows = [copyable(t("share.link"), link), copyable(t("share.code"), code)];
  if (mode !== "OPEN") rows.push(element("p", { class: "hint" }, mode === "PASSWORD" ? t("share.password") : t("share.approval")));
  if (mayInvite) rows.push(invitation(parlor, code, mode));
  openDialog(t("inviteOthers"), ...rows);
}

/** @param {import("../client/server.js").Server} parlor @param {string} code @param {string} mode */
function invitation(parlor, code, mode) {
  const place = element("div", { class: "field" });
  const text = mode === "OPEN" ? t("share.invite") : t("share.inviteSkipping");
  const make = element("button", { type: "button", class: "link" }, text);
  make.addEventListener("click", async () => {
    make.disabled = true;
    try {
      const { token } = await parlor.rooms.invite(code);
      const url = new URL(`./room.html#invitation=${encodeURIComponent(token)}`, location.href).href;
      place.replaceChildren(copyable(t("share.invitation"), url));
    } catch (error) {
      toast(sentenceOf(error));
      make.disabled = false;
    }
  });
  place.append(make);
  return place;
}
