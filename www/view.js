// The page around the messages: rooms, people, the connection, the input field, the name. It shows values and reports the
// actions of a person; chat.js decides what they mean.

import { element, hue, MessageList, setText } from "./messages.js";

const $ = (id) => document.getElementById(id);

const STATES = {
  connected: "Connected",
  connecting: "Connecting …",
  reconnecting: "Reconnecting …",
  disconnecting: "Disconnecting …",
  disconnected: "Not connected",
};

export class View {
  #messages = new MessageList();
  #room; // the visible one
  #me = "";

  /** `does` has a function for each action of a person: select, join, leave, say, rename, earlier. */
  constructor(does) {
    $("join").addEventListener("submit", (event) => {
      event.preventDefault();
      const joined = does.join($("join-name").value);
      setText($("join-error"), joined ? "" : "A room's name needs a letter or a digit.");
      if (!joined) return;
      $("join").reset();
      this.focusTalk();
    });
    $("rooms").addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button?.dataset.leave) {
        does.leave(button.dataset.leave);
        ($("rooms").querySelector("[aria-current]") ?? $("join-name")).focus(); // the button that had the focus is gone
      } else if (button) {
        does.select(button.dataset.room);
        this.focusTalk();
      }
    });
    $("others-list").addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      does.join(button.dataset.room);
      this.focusTalk();
    });
    $("earlier").addEventListener("click", () => does.earlier());
    $("rename").addEventListener("click", async () => does.rename(await this.askName()));
    this.#listenToComposer(does);
    this.#listenToMenu();
  }

  /** Asks for a name until there is one, and returns it. */
  askName() {
    const dialog = $("name-dialog");
    $("name").value = this.#me;
    // Without a name Escape must not close the dialog: what is typed before it opens again would be lost.
    dialog.setAttribute("closedby", this.#me === "" ? "none" : "closerequest");
    dialog.showModal();
    $("name").select();
    return new Promise((resolve) => {
      dialog.onclose = () => {
        const name = $("name").value.trim() || this.#me;
        if (name === "") return dialog.showModal(); // closed without a name, in a browser that does not know `closedby`
        resolve(dialog.returnValue === "cancel" ? this.#me : name);
      };
      dialog.oncancel = () => ($("name").value = this.#me); // Escape: the name stays
    });
  }

  showMe(name) {
    this.#me = name;
    setText($("me"), name);
    $("me").style.setProperty("--hue", hue(name));
    if (this.#room) this.#messages.update(this.#room.messages, name);
  }

  showConnection(state, transport) {
    $("connection").dataset.state = state;
    setText($("state"), STATES[state]);
    setText($("transport"), transport);
    $("transport").hidden = transport === "";
  }

  /** Shows the joined rooms and the others: `others` is [{ name, people }]. */
  showRooms(rooms, current, others) {
    showList(
      $("rooms"),
      rooms,
      (room) => room.name,
      makeRoom,
      (item, room) => showRoom(item, room, room === current),
    );
    showList(
      $("others-list"),
      others,
      (room) => room.name,
      makeOther,
      (item, { people }) => {
        setText(item.querySelector(".note"), people === 0 ? "empty" : `${people} online`);
      },
    );
    $("others").hidden = others.length === 0;

    const unread = rooms.reduce((sum, room) => sum + (room === current ? 0 : room.unread), 0);
    setText($("menu-unread"), unread ? String(unread) : "");
    $("menu-unread").hidden = unread === 0;
    const all = rooms.reduce((sum, room) => sum + room.unread, 0);
    document.title = `${all ? `(${all}) ` : ""}${current ? `#${current.name} · ` : ""}socketio-wasm chat`;
  }

  /** Opens a room; undefined if no room is joined. */
  openRoom(room) {
    this.#room = room;
    const inRoom = room !== undefined;
    setText($("title"), inRoom ? `# ${room.name}` : "No room");
    $("composer").hidden = !inRoom;
    const label = inRoom ? `Message to #${room.name}` : "";
    setText($("text-label"), label);
    $("text").placeholder = label;
    this.#messages.open(room?.messages ?? [], this.#me);
    this.showRoomState(room);
    this.showPeople(room);
    this.#closeMenu();
  }

  showRoomState(room) {
    if (room !== this.#room) return;
    $("earlier").hidden = !room?.hasEarlier;
    $("empty").hidden = room !== undefined && room.messages.length > 0;
    setText($("empty"), emptyText(room));
    setText($("hint"), hintText(room));
    $("hint").hidden = $("hint").textContent === "";
  }

  showPeople(room) {
    if (room !== this.#room) return;
    const tabs = new Map();
    for (const name of room?.people ?? []) tabs.set(name, (tabs.get(name) ?? 0) + 1);
    showList(
      $("people"),
      [...tabs],
      ([name]) => name,
      makePerson,
      (item, [name, count]) => {
        const notes = [name === this.#me && "you", count > 1 && `${count} times`].filter(Boolean);
        setText(item.querySelector(".note"), notes.join(", "));
      },
    );
    setText($("people-title"), room ? `Online in #${room.name}` : "Online");
    setText($("count"), tabs.size > 0 ? `${tabs.size} online` : "");
  }

  showMessage(room, message, isNews) {
    if (room !== this.#room) return;
    this.#messages.put(message, this.#me, { isNews });
    this.showRoomState(room);
  }

  showMessages(room) {
    if (room !== this.#room) return;
    this.#messages.update(room.messages, this.#me, { quietly: true });
    this.showRoomState(room);
  }

  /** Moves the focus to the input field, except on a phone, because there it opens the keyboard. */
  focusTalk() {
    const target = matchMedia("(hover: hover)").matches && this.#room ? $("text") : $("log");
    target.focus({ preventScroll: true });
  }

  #listenToComposer(does) {
    const form = $("composer");
    const text = $("text");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (text.value.trim() !== "") {
        does.say(text.value.trim());
        this.#messages.toEnd();
      }
      text.value = "";
      text.focus();
    });
    text.addEventListener("keydown", (event) => {
      // While an input method composes a word, Enter ends the word.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
  }

  // On a narrow screen the sidebar lies over the page, and a button opens it.
  #listenToMenu() {
    const menu = $("menu");
    menu.addEventListener("click", () => {
      const open = menu.getAttribute("aria-expanded") !== "true";
      menu.setAttribute("aria-expanded", String(open));
      document.body.classList.toggle("menu-open", open);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !document.body.classList.contains("menu-open")) return;
      this.#closeMenu();
      menu.focus();
    });
    $("log").addEventListener("click", () => this.#closeMenu());
  }

  #closeMenu() {
    $("menu").setAttribute("aria-expanded", "false");
    document.body.classList.remove("menu-open");
  }
}

// Updates a list to `values`. Elements are reused if possible, so that the keyboard's focus stays.
function showList(list, values, keyOf, make, show) {
  const old = new Map([...list.children].map((item) => [item.dataset.key, item]));
  values.forEach((value, index) => {
    const key = keyOf(value);
    let item = old.get(key);
    old.delete(key);
    if (!item) {
      item = make(key);
      item.dataset.key = key;
    }
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
    show(item, value);
  });
  for (const item of old.values()) item.remove();
}

function makeRoom(name) {
  const item = element("li", "room");
  const select = element("button", "select");
  select.type = "button";
  select.dataset.room = name;
  select.append(element("span", "room-name", `# ${name}`), element("span", "note"), element("span", "badge"));
  const leave = element("button", "leave", "×");
  leave.type = "button";
  leave.dataset.leave = name;
  leave.setAttribute("aria-label", `Leave #${name}`);
  item.append(select, leave);
  return item;
}

function showRoom(item, room, isCurrent) {
  const select = item.querySelector(".select");
  if (isCurrent) select.setAttribute("aria-current", "true");
  else select.removeAttribute("aria-current");
  setText(item.querySelector(".note"), room.unsent ? `${room.unsent} waiting` : "");
  setText(item.querySelector(".badge"), room.unread ? String(room.unread) : "");
  item.querySelector(".badge").hidden = room.unread === 0;
  item.dataset.state = room.state;
}

function makeOther(name) {
  const item = element("li", "room");
  const join = element("button", "select");
  join.type = "button";
  join.dataset.room = name;
  join.setAttribute("aria-label", `Join #${name}`);
  join.append(element("span", "room-name", `# ${name}`), element("span", "note"));
  item.append(join);
  return item;
}

function makePerson(name) {
  const item = element("li", "person");
  item.append(element("span", "name", name), element("span", "note"));
  item.style.setProperty("--hue", hue(name));
  return item;
}

function emptyText(room) {
  if (room === undefined) return "You are in no room. Join one, or open one, and the talk begins.";
  return room.state === "joined" ? "Nothing has been said here yet. Say hello!" : "";
}

function hintText(room) {
  if (room === undefined || room.state === "joined" || room.state === "entering") return "";
  if (room.state === "refused") return `The server does not let you into this room: ${room.why}`;
  const waiting = room.unsent === 1 ? "1 message waits." : room.unsent > 1 ? `${room.unsent} messages wait.` : "";
  return `The server is out of reach. What you write is stored, and sent when it is back. ${waiting}`;
}
