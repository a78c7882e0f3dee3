import { byId } from "../page/element.js";
import { parlor } from "../page/here.js";
import { readAddress, roomAddress } from "./address.js";
import { Entry } from "./entry.js";
import { Room } from "./room.js";

/** The page of a room: first the door, then the room. */

/** Another address of this page is another room. */
addEventListener("hashchange", () => location.reload());

const entry = new Entry(parlor, readAddress(location.hash), byId("door-card"));
const code = await entry.pass();
// An invitation is used up by then, and a reload should lead to the room.
history.replaceState(null, "", roomAddress(code));
await new Room(parlor, code).open();
