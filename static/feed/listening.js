import { byId } from "../page/element.js";
import { PlayerBar } from "./player-bar.js";
import { Player } from "./player.js";

/**
 * The player of the home page with its bar, loaded when something is to be heard.
 * @param {Omit<import("./player.js").PlayerEnvironment, "audio">} environment
 */
export function startPlayer(environment) {
  const player = new Player({ ...environment, audio: byId("audio") });
  new PlayerBar(player, {
    bar: byId("player"),
    toggle: byId("player-toggle"),
    title: byId("player-title"),
    detail: byId("player-detail"),
    seek: byId("player-seek"),
    time: byId("player-time"),
    close: byId("player-close"),
  });
  return player;
}
