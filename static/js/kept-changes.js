// Changes that the server has not yet acknowledged, kept on this device: they survive a reload and lost power.
// They lie in IndexedDB, encrypted with a key the server gives to one person for one record: nobody else can read them.
const DATABASE = "smpclinic-kept";
const STORE = "changes";
const DEVICE = "smpclinic-device";

/** An id made here; crypto.randomUUID is missing where the page came over plain HTTP. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The id of this device, the same as long as the browser keeps it. */
export function deviceId() {
  try {
    const known = localStorage.getItem(DEVICE) ?? newId();
    localStorage.setItem(DEVICE, known);
    return known;
  } catch {
    return newId();
  }
}

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// Not before the transaction ends: a page that is left earlier would undo it.
const written = (store) =>
  new Promise((resolve, reject) => {
    store.transaction.oncomplete = resolve;
    store.transaction.onerror = () => reject(store.transaction.error);
  });

async function database() {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "sequence", autoIncrement: true });
  return done(opening);
}

async function lockOf(key) {
  if (!crypto.subtle) return null; // plain HTTP: the browser offers no encryption
  const bytes = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function sealed(lock, change) {
  if (!lock) return { plain: change };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(change));
  return { iv, secret: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, lock, text) };
}

async function opened(lock, row) {
  if (row.plain) return { ...row.plain, sequence: row.sequence };
  try {
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, lock, row.secret);
    return { ...JSON.parse(new TextDecoder().decode(text)), sequence: row.sequence };
  } catch {
    return null; // kept under another key: of no use to this person
  }
}

/** The changes of one record and one person. Falls back to memory where the browser keeps nothing. */
export async function openKept({ record, owner, key }) {
  try {
    const kept = new Kept(await database(), await lockOf(key), record, owner);
    await kept.all();
    return kept;
  } catch {
    return new Remembered();
  }
}

class Kept {
  isLasting = true;

  constructor(base, lock, record, owner) {
    Object.assign(this, { base, lock, record, owner });
    this.last = Promise.resolve();
  }

  store(mode = "readonly") {
    // "strict": acknowledged only when it is on the disk.
    return this.base.transaction(STORE, mode, { durability: "strict" }).objectStore(STORE);
  }

  /** Keep a change; its sequence is its place in the order of this device. */
  add(change) {
    this.last = this.last.then(() => this.put(change));
    return this.last;
  }

  async put(change) {
    const { sequence, ...rest } = change;
    const row = { record: this.record, owner: this.owner, ...(await sealed(this.lock, rest)) };
    if (sequence) row.sequence = sequence;
    const store = this.store("readwrite");
    const isWritten = written(store);
    const place = await done(store.put(row));
    await isWritten;
    return { ...rest, sequence: place };
  }

  async rows() {
    const rows = await done(this.store().getAll());
    return rows.filter((row) => row.record === this.record);
  }

  async all() {
    const mine = (await this.rows()).filter((row) => row.owner === this.owner);
    return (await Promise.all(mine.map((row) => opened(this.lock, row)))).filter(Boolean);
  }

  async countOfOthers() {
    return (await this.rows()).filter((row) => row.owner !== this.owner).length;
  }

  async remove(change) {
    const store = this.store("readwrite");
    await Promise.all([written(store), done(store.delete(change.sequence))]);
  }
}

class Remembered {
  isLasting = false;
  changes = [];
  place = 0;

  async add(change) {
    const kept = { ...change, sequence: (this.place += 1) };
    this.changes.push(kept);
    return kept;
  }

  async put(change) {
    this.changes = this.changes.map((one) => (one.sequence === change.sequence ? change : one));
    return change;
  }

  async all() {
    return [...this.changes];
  }

  async countOfOthers() {
    return 0;
  }

  async remove(change) {
    this.changes = this.changes.filter((one) => one.sequence !== change.sequence);
  }
}
