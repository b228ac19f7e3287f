// The list of messages on the page. Everything that a person wrote is inserted as text, never as HTML.

const FOLLOWS_WITHIN = 5 * 60_000; // ms: messages of one person that are this close share one name
const NEAR_THE_END = 80; // px

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export class MessageList {
  #log;
  #list;
  #newest;
  #items = new Map(); // message id → element
  #messages = []; // in the order of the room

  constructor() {
    this.#log = document.getElementById("log");
    this.#list = document.getElementById("messages");
    this.#newest = document.getElementById("newest");
    this.#newest.addEventListener("click", () => this.toEnd());
    this.#log.addEventListener("scroll", () => this.#atEnd() && (this.#newest.hidden = true), { passive: true });
    // A phone's keyboard, or a growing field, covers the end of the list.
    let stay = true;
    this.#log.addEventListener("scroll", () => (stay = this.#atEnd()), { passive: true });
    new ResizeObserver(() => stay && this.toEnd()).observe(this.#log);
  }

  /** Shows a room's messages. `me` is the name of the reader. */
  open(messages, me) {
    this.#messages = messages;
    this.#items.clear();
    this.#list.replaceChildren();
    this.update(messages, me, { quietly: true });
    this.toEnd();
  }

  /** Updates the whole list: many messages have arrived, or moved. */
  update(messages, me, { quietly = false } = {}) {
    this.#messages = messages;
    const atEnd = this.#atEnd();
    const first = this.#list.firstElementChild;
    const before = first?.offsetTop;
    if (quietly) this.#log.setAttribute("aria-busy", "true"); // old messages are not read aloud

    const here = new Set(messages.map((message) => message.id));
    for (const [id, item] of this.#items) {
      if (here.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
    messages.forEach((message, index) => this.#place(message, index, me));

    if (quietly) this.#log.removeAttribute("aria-busy");
    if (atEnd) this.toEnd();
    else if (first?.isConnected) this.#log.scrollTop += first.offsetTop - before; // earlier messages were inserted above
  }

  /** Updates one message. `isNews`: another person has just sent it. */
  put(message, me, { isNews = false } = {}) {
    const atEnd = this.#atEnd();
    const index = this.#messages.lastIndexOf(message);
    this.#place(message, index, me);
    const next = this.#messages[index + 1];
    if (next) this.#place(next, index + 1, me); // the message before it decides whether it shows the name
    if (atEnd) this.toEnd();
    else if (isNews) this.#newest.hidden = false;
  }

  toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#newest.hidden = true;
  }

  #atEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_THE_END;
  }

  // An element that is already in its place is not touched: a screen reader would read a moved element again.
  #place(message, index, me) {
    let item = this.#items.get(message.id);
    if (!item) this.#items.set(message.id, (item = newItem(message)));
    const at = this.#list.children[index];
    if (at !== item) this.#list.insertBefore(item, at ?? null);

    const before = this.#messages[index - 1];
    const follows = before?.name === message.name && when(message) - when(before) < FOLLOWS_WITHIN;
    item.className = ["message", message.name === me && "own", follows && "follows"].filter(Boolean).join(" ");
    item.dataset.state = message.state;
    showTime(item.querySelector("time"), when(message));
    setText(item.querySelector(".state"), stateText(message, me));
  }
}

/** Returns the hue of a person's colour, always the same for a name. */
export function hue(name) {
  let sum = 0;
  for (const character of name) sum = Math.imul(sum ^ character.codePointAt(0), 0x9e3779b1); // gives similar names different hues
  return String((sum >>> 0) % 360);
}

/** Makes an element of a name and class, with text. */
export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/** Sets the text of a node if it differs: a screen reader would read it again. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function newItem(message) {
  const item = element("li");
  const by = element("p", "by");
  by.append(element("b", "name", message.name), " ", element("time"));
  item.append(by, element("p", "text", message.text), element("p", "state"));
  item.style.setProperty("--hue", hue(message.name));
  return item;
}

function when(message) {
  return message.at ?? message.writtenAt;
}

function showTime(node, milliseconds) {
  const date = new Date(milliseconds);
  const today = date.toDateString() === new Date().toDateString();
  node.dateTime = date.toISOString();
  node.title = dayAndTime.format(date);
  setText(node, today ? time.format(date) : dayAndTime.format(date));
}

function stateText({ state, why, name }, me) {
  if (state === "waiting") return "Waiting to be sent";
  if (state === "refused") return `Not sent. ${why}`;
  return name === me ? "Sent" : "";
}
