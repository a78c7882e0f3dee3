/**
 * What a channel tells, and which frames of the server it is told by.
 *
 * @typedef {{type: string, [field: string]: any}} Frame  as the server sends it
 * @typedef {{id: number, type: string, client_msg_id?: string | null, is_self?: boolean, [field: string]: any}} LogEvent
 *
 * @typedef {object} ChannelEvents  the `detail` of each event
 * @property {import("./connection.js").ConnectionState} state
 * @property {{messages: LogEvent[], more?: boolean, [field: string]: any}} history  the newest messages; whatever was shown before is replaced
 * @property {LogEvent} message  each once and in order, as the four after it
 * @property {LogEvent} edited
 * @property {LogEvent} deleted
 * @property {LogEvent} reacted
 * @property {LogEvent} cleared
 * @property {null} outbox  what is still to be acknowledged has changed
 * @property {Frame} refused  an error that concerns no message of the outbox
 * @property {Frame} participants
 * @property {Frame} joined
 * @property {Frame} left
 * @property {Frame} member
 * @property {Frame} typing
 * @property {Frame} read
 * @property {Frame} room
 * @property {Frame} deleted-room
 * @property {Frame} broadcast
 * @property {Frame} requested
 * @property {Frame} approved
 * @property {Frame} denied
 * @property {Frame} playback
 * @property {Frame} correction
 * @property {Frame} media
 * @property {Frame} queue
 * @property {Frame} waiting
 * @property {Frame} host
 */

/** @type {Record<string, keyof ChannelEvents>} */
export const NAMES = {
  CHAT_MESSAGE: "message", new_message: "message", MESSAGE_EDITED: "edited", MESSAGE_DELETED: "deleted",
  MESSAGE_REACTED: "reacted", CHAT_CLEARED: "cleared",
  ROOM_PARTICIPANTS: "participants", USER_JOINED: "joined", USER_LEFT: "left", MEMBER_UPDATED: "member", typing: "typing",
  read_receipt: "read", ROOM_UPDATED: "room", ROOM_DELETED: "deleted-room", BROADCAST: "broadcast",
  JOIN_REQUESTED: "requested", JOIN_APPROVED: "approved", JOIN_DENIED: "denied",
  PLAYBACK_STATE: "playback", SYNC_CORRECTION: "correction", MEDIA_CHANGED: "media", QUEUE_UPDATED: "queue",
  WAITING_FOR: "waiting", HOST_DISCONNECTED: "host", HOST_RECONNECTED: "host", HOST_CHANGED: "host",
};

/** Those of the room's log. @type {ReadonlySet<string>} */
export const LOGGED = new Set(["message", "edited", "deleted", "reacted", "cleared"]);
