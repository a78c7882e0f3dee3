// Talk in rooms by Socket.IO: a socket names its room in the query, and what is said there is passed on to all of it, with an id,
// a time and an author. Its heartbeats are rare, so that nothing but messages is heard.
//
// node socket-io.mjs; it prints its port.

import { createServer } from "node:http";
import { Server } from "socket.io";

const server = createServer();
const sockets = new Server(server, { transports: ["websocket"], pingInterval: 600_000, serveClient: false });
let ids = 0;

sockets.on("connection", (socket) => {
  const { room } = socket.handshake.query;
  socket.join(room);
  socket.on("message", ({ message }) => {
    const event = { type: "CHAT_MESSAGE", id: ++ids, room, message, created_at: new Date().toISOString(), user: "somebody" };
    sockets.to(room).emit("message", event);
  });
});

server.listen(0, "127.0.0.1", () => console.log(server.address().port));
