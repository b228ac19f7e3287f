// Values that the browser stores between visits. If a browser refuses (private windows, settings, a full disk), the next visit
// begins empty, and nothing else changes: the page works on its own variables.

class Storage {
  constructor(open) {
    try {
      this.area = open(); // reading this property throws if storage is forbidden
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

/** For this tab alone, across reloads. */
export const session = new Storage(() => sessionStorage);
