// The chat: one Socket.IO connection, each room a namespace on it. This file puts the parts together.

import { Client } from "socketio-wasm";

import { Outbox } from "./outbox.js";
import { Room, roomName } from "./rooms.js";
import { local, session } from "./storage.js";
import { View } from "./view.js";

const client = new Client({ reconnectionDelay: 500, reconnectionDelayMax: 5000 });
const outbox = new Outbox(local);
const rooms = new Map(); // name → Room
let others = []; // the rooms that the server lists
let current; // the visible room
let me = remembered("chat.name", "");

const view = new View({
  select,
  join,
  leave,
  rename,
  say: (text) => current.say(text),
  earlier: () => current.readEarlier(),
});

// A tab has a name and rooms of its own; a new tab begins with those of the last one.
function remembered(key, otherwise) {
  return session.read(key) ?? local.read(key, otherwise);
}

function remember(key, value) {
  session.write(key, value);
  local.write(key, value);
}

function join(text) {
  const name = roomName(text);
  if (name === "") return false;
  if (!rooms.has(name)) add(name);
  select(name);
  return true;
}

function add(name) {
  const room = new Room(name, { client, outbox, me: () => me, changed });
  rooms.set(name, room);
  if (client.connected) room.enter();
  remember("chat.rooms", [...rooms.keys()]);
}

function leave(name) {
  const room = rooms.get(name);
  rooms.delete(name);
  remember("chat.rooms", [...rooms.keys()]);
  room.leave();
  if (room === current) select([...rooms.keys()].at(-1));
  else showRooms();
}

function select(name) {
  current = rooms.get(name);
  if (current) current.unread = 0;
  // The address names the room: it can be sent to someone, and Back goes to the room before.
  const hash = current ? `#/${encodeURIComponent(name)}` : "";
  if (location.hash === "") history.replaceState(null, "", hash || location.pathname);
  else if (location.hash !== hash) history.pushState(null, "", hash || location.pathname);
  view.openRoom(current);
  showRooms();
}

function rename(name) {
  me = name;
  remember("chat.name", me);
  view.showMe(me);
  for (const room of rooms.values()) room.rename();
}

function changed(room, what, message) {
  if (what === "arrived" && (room !== current || document.hidden)) room.unread += 1;
  if (what === "people") view.showPeople(room);
  if (what === "state") view.showRoomState(room);
  if (what === "state") view.showPeople(room);
  if (what === "messages") view.showMessages(room);
  if (what === "message" || what === "arrived") view.showMessage(room, message, what === "arrived");
  if (what !== "people") showRooms();
}

function showRooms() {
  view.showRooms(
    [...rooms.values()],
    current,
    others.filter(({ name }) => !rooms.has(name)),
  );
}

function showConnection() {
  view.showConnection(client.state, client.connected ? client.transport() : "");
}

function roomOfAddress() {
  try {
    return location.hash.startsWith("#/") ? roomName(decodeURIComponent(location.hash.slice(2))) : "";
  } catch {
    return ""; // a "%" that encodes nothing
  }
}

client.on("connect", () => {
  showConnection();
  for (const room of rooms.values()) room.enter();
});
client.on("disconnect", showConnection);
client.on("connect_error", showConnection);
client.on("rooms", (list) => {
  others = list;
  showRooms();
});
// The upgrade from polling to websocket and the attempts to reconnect have no event, so the page polls them.
setInterval(showConnection, 250);

addEventListener("hashchange", () => roomOfAddress() && join(roomOfAddress()));
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !current) return;
  current.unread = 0;
  showRooms();
});

view.showMe(me);
if (me === "") rename(await view.askName());
for (const name of remembered("chat.rooms", ["general"])) add(name);
if (!join(roomOfAddress())) select(rooms.keys().next().value);
view.focusTalk();
await client.connect(location.origin, { namespaces: ["/"], retry: true }); // the rooms are joined when this is connected
