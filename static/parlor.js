import { openChannel, openInbox } from "./client/live.js";
import { Server } from "./client/server.js";

/**
 * The client of a Parlor server, for pages: who is signed in, rooms, people and live channels.
 *
 * ```js
 * import { Parlor } from "https://parlor.example/parlor.js";
 *
 * const parlor = new Parlor("https://parlor.example");
 * await parlor.session.signInAsGuest("Ann");
 * const { code } = await parlor.rooms.join({ code: "movie-night" });
 * const room = parlor.channel(code);
 * room.addEventListener("message", ({ detail }) => console.log(detail.user, detail.message));
 * room.addEventListener("state", ({ detail }) => console.log(detail.kind));
 * room.connect();
 * room.write({ message: "hello everyone" });
 * ```
 */
export class Parlor extends Server {
  /** A room's live channel; `connect()` opens it. @param {string} code */
  channel(code) {
    return openChannel(this, code);
  }

  /** The signed-in person's live inbox; `connect()` opens it. */
  inbox() {
    return openInbox(this);
  }
}

export { RequestError } from "./client/http.js";
export { comingBack, explainClose } from "./client/close.js";
