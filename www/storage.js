// What the browser keeps between visits. A browser that refuses to (private windows, settings, a full disk) costs the
// memory of the next visit and nothing else: everything here goes on in the variables of the page.

class Storage {
  constructor(open) {
    try {
      this.area = open(); // even asking for it throws where it is forbidden
    } catch {
      this.area = undefined;
    }
  }

  keys(prefix) {
    return Object.keys(this.area ?? {}).filter((key) => key.startsWith(prefix));
  }

  read(key, otherwise) {
    try {
      return JSON.parse(this.area?.getItem(key) ?? "null") ?? otherwise;
    } catch {
      return otherwise; // not ours
    }
  }

  write(key, value) {
    try {
      this.area?.setItem(key, JSON.stringify(value));
    } catch {
      // full or forbidden
    }
  }

  remove(key) {
    this.area?.removeItem(key);
  }
}

/** Shared by all tabs. */
export const local = new Storage(() => localStorage);

/** This tab's own, over reloads. */
export const session = new Storage(() => sessionStorage);
