import { parlor } from "../page/here.js";
import { element } from "../page/element.js";
import { t } from "../text/text.js";

/** Signing in by Google or Facebook, where that is set up. */

const PROVIDERS = { google: "Google", facebook: "Facebook" };

/** Where a sign-in begins; it ends on this page. @param {string} provider */
function beginning(provider) {
  return `/accounts/${provider}/login/?${new URLSearchParams({ next: `${location.pathname}?signed-in${location.hash}` })}`;
}

/** A place with a link for each that is set up; empty until that is known. */
export function providerLinks() {
  const place = element("div", { class: "row providers", hidden: true });
  parlor.api.get("/api/auth/providers/").then((offered) => {
    const names = /** @type {(keyof typeof PROVIDERS)[]} */ (Object.keys(PROVIDERS)).filter((name) => offered[name] === true);
    place.append(...names.map((name) => element("a", { class: "quiet button", href: beginning(name) }, t("signIn.with", { name: PROVIDERS[name] }))));
    place.hidden = names.length === 0;
  }, () => {});
  return place;
}
