// A room of the chat: a namespace of the one connection, its messages and people, and the sending of messages that were
// written for it.
//
//   away ──(namespace connected)──> entering ──(history read)──> joined
//     ^──────────────(connection lost, from either)────────────────┘
//   refused: the server refuses the namespace.   left: the person left the room.
//
// Messages carry the room's sequence numbers, 1, 2, 3 …, without gaps. The client notices a gap, and asks for the missing messages.

const ANSWER_WITHIN = 5000; // ms, for every question to the server

/** Makes the name of a room from the input of a person: "Rust & Wasm!" is "rust-wasm". Empty if no letter or digit remains. */
export function roomName(text) {
  const name = text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/^-/, "");
  return [...name].slice(0, 30).join("").replace(/-$/, "");
}

export class Room {
  state = "away";
  why = ""; // the reason of a refusal
  people = [];
  unread = 0;
  messages = []; // messages with a sequence number in its order, then unsent messages in the order of writing

  #client;
  #outbox;
  #me;
  #changed;
  #unsubscribe;
  #byId = new Map();
  #numbers = new Set(); // the sequence numbers of `messages`
  #last; // every message up to this number is here; undefined before the first history
  #log; // the id of the server's log that the numbers belong to
  #held = []; // messages that arrived before the history
  #asked = false;
  #reading = false;
  #sending = false;

  /**
   * `me()` returns the person's name. `changed(room, what, message)` is called with "state", "people", "messages" (many
   * arrived), "message" (this one is new or changed) or "arrived" (the same, and another person has just sent it).
   */
  constructor(name, { client, outbox, me, changed }) {
    this.name = name;
    this.namespace = `/rooms/${name}`;
    this.#client = client;
    this.#outbox = outbox;
    this.#me = me;
    this.#changed = (what, message) => changed(this, what, message);

    const here = client.of(this.namespace);
    this.#unsubscribe = [
      here.on("connect", () => this.#connected()),
      here.on("disconnect", () => this.#setState("away")),
      here.on("connect_error", (error) => this.#failed(error)),
      here.on("people", (names) => this.#setPeople(names)),
      here.on("message", (message) => this.#arrived(message)),
    ];
    for (const message of outbox.of(name)) this.#put({ ...message, state: "waiting" });
  }

  /** Joins the room on the present connection. Call it whenever the client has connected. */
  async enter() {
    if (this.#asked) return; // from now on the client reconnects this namespace by itself
    this.#asked = true;
    try {
      await this.#client.connectNamespace(this.namespace, { auth: () => ({ name: this.#me() }) });
    } catch (error) {
      this.#asked = false;
      this.#failed(error);
    }
  }

  /** Leaves the room; the connection stays. Unsent messages stay in the outbox. */
  async leave() {
    this.#setState("left");
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    if (this.#asked) await this.#client.disconnectNamespace(this.namespace);
  }

  /** Stores a message, and sends it as soon as the room is joined. */
  say(text) {
    this.#put({ ...this.#outbox.add(this.name, this.#me(), text), state: "waiting" });
    this.#changed("message", this.messages.at(-1));
    this.#send();
  }

  /** Sends a changed name to the others in the room. */
  rename() {
    if (this.#online) this.#client.of(this.namespace).emit("rename", this.#me()); // otherwise the room learns it on entering
  }

  /** Reads a page of messages before the first one that is here. */
  async readEarlier() {
    const answer = await this.#ask("history", { before: this.messages[0].seq });
    if (answer.log !== this.#log) return; // the server has begun a new log meanwhile
    this.#take(answer.messages);
  }

  get hasEarlier() {
    return this.messages[0]?.seq > 1;
  }

  /** Number of messages that the server has not acknowledged. */
  get unsent() {
    return this.messages.filter((message) => message.state === "waiting").length;
  }

  get #online() {
    return this.state === "entering" || this.state === "joined";
  }

  #setState(state) {
    if (this.state === "left") return;
    this.state = state;
    if (!this.#online) this.people = [];
    this.#changed("state");
  }

  #setPeople(names) {
    this.people = names;
    this.#changed("people");
  }

  #connected() {
    this.#held = [];
    this.#setState("entering");
    this.#read();
  }

  #failed(error) {
    if (error.code !== "REFUSED") return; // the client retries a failed connection
    this.#asked = false; // the client does not ask again by itself
    this.why = error.data?.message ?? error.message;
    this.#setState("refused");
  }

  #ask(event, data) {
    return this.#client.of(this.namespace).timeout(ANSWER_WITHIN).call(event, data);
  }

  // Reads the messages after the last one that is here; at first, the last page.
  async #read() {
    if (this.#reading) return;
    this.#reading = true;
    for (let done = false; !done && this.#online;) {
      try {
        done = this.#readAnswer(await this.#ask("history", this.#last === undefined ? {} : { after: this.#last }));
      } catch (error) {
        if (error.code !== "CALL_TIMEOUT") break; // disconnected: the room reads again when it is connected again
      }
    }
    this.#reading = false;
    if (this.state === "joined") this.#send();
  }

  // Takes a page of history. Returns whether every message of the log is here now.
  #readAnswer({ log, last, messages }) {
    if (this.#log !== log) {
      const anew = this.#log !== undefined;
      this.#log = log;
      if (anew) {
        this.#forget();
        return false;
      }
    }
    const areNews = this.#last !== undefined; // sent while this client was in the room, not before
    this.#last ??= messages.length > 0 ? messages[0].seq - 1 : last;
    this.#take([...messages, ...this.#held], areNews);
    this.#held = [];
    if (this.state === "entering") this.#setState("joined");
    return this.#last >= last;
  }

  // The server has lost its log and begun another one: the page no longer shows messages that the server does not know.
  #forget() {
    this.messages = this.messages.filter((message) => message.seq === undefined);
    this.#byId = new Map(this.messages.map((message) => [message.id, message]));
    this.#numbers.clear();
    this.#last = undefined;
    this.#changed("messages");
  }

  #take(messages, areNews = false) {
    for (const message of messages) {
      const what = this.#byId.has(message.id) ? "message" : "arrived";
      const put = this.#put({ ...message, state: "sent" });
      if (put && areNews) this.#changed(what, this.#byId.get(message.id));
    }
    if (!areNews) this.#changed("messages");
  }

  #arrived(message) {
    if (this.state === "entering") {
      this.#held.push(message); // the history will say which log it belongs to
      return;
    }
    if (this.#put({ ...message, state: "sent" })) this.#changed("arrived", this.#byId.get(message.id));
    if (message.seq > this.#last) this.#read(); // an earlier message is missing
  }

  // Sends the written messages one after the other, so that the order stays the same even if one is sent twice.
  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    for (let message; this.state === "joined" && (message = this.#outbox.of(this.name)[0]);) {
      const { id, name, text } = message;
      try {
        const answer = await this.#ask("message", { id, name, text });
        if (answer.refused) this.#notSent(id, answer.refused);
        else this.#sent(answer.message);
      } catch (error) {
        // The server may have it or not. It is sent again, now or after the next connection; the server recognises its id.
        if (error.code === "PAYLOAD_TOO_LARGE") this.#notSent(id, error.message);
        else if (error.code !== "CALL_TIMEOUT") break;
      }
    }
    this.#sending = false;
  }

  #sent(message) {
    this.#put({ ...message, state: "sent" });
    this.#changed("message", this.#byId.get(message.id));
    if (message.seq > this.#last) this.#read();
  }

  #notSent(id, why) {
    this.#outbox.remove(id);
    const message = this.#byId.get(id);
    Object.assign(message, { state: "refused", why });
    this.#changed("message", message);
  }

  // Puts a message in its place, once. Returns whether it was new.
  #put(message) {
    const known = this.#byId.get(message.id);
    if (known?.seq !== undefined) return false;
    if (known) this.messages.splice(this.messages.indexOf(known), 1); // our own message, which now has a number
    const one = Object.assign(known ?? {}, message);
    this.#byId.set(one.id, one);

    let place = this.messages.length;
    if (one.seq !== undefined) {
      this.#outbox.remove(one.id);
      while (place > 0 && !(this.messages[place - 1].seq < one.seq)) place -= 1;
      this.#numbers.add(one.seq);
      while (this.#numbers.has(this.#last + 1)) this.#last += 1;
    }
    this.messages.splice(place, 0, one);
    return true;
  }
}
