// Talk in rooms by the `ws` package: the path of a socket is its room, and what is said there is passed on to all of it, with
// an id, a time and an author. With a file's name it is also stored there, each message for itself: as safe from a crash of the process
// as what Parlor stores.
//
// node ws.mjs [FILE]; it prints its port.

import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { store } from "./store.mjs";

const keep = await store(process.argv[2]);
const rooms = new Map();
const server = createServer();
const sockets = new WebSocketServer({ server, maxPayload: 32 * 1024, perMessageDeflate: false });
let ids = 0;

sockets.on("connection", (socket, request) => {
  const room = request.url;
  const members = rooms.get(room) ?? new Set();
  rooms.set(room, members.add(socket));
  socket.on("message", (data) => {
    const { message } = JSON.parse(data);
    const event = { type: "CHAT_MESSAGE", id: ++ids, room, message, created_at: new Date().toISOString(), user: "somebody" };
    keep(event);
    const text = JSON.stringify(event);
    for (const member of members) member.send(text);
  });
  socket.on("close", () => members.delete(socket));
  socket.on("error", () => socket.terminate());
});

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
