// Sends the changes of one record in their order, again and again until the server has each. What it says of itself:
// "saved", "saving", "offline" (it tries again by itself), "signed out" (it goes on after the sign-in).
import { deviceId, newId, openKept } from "./kept-changes.js";

const MOST_AT_ONCE = 50;
const PATIENCE_MS = 15_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

const cookie = (name) => document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`))?.[1];
// The cookie is newer than the page where somebody signed in again in another tab.
const token = () => cookie("csrftoken") ?? document.querySelector("meta[name=csrf-token]")?.content ?? "";

export class Sender {
  /** ``tell({state, waiting, refused})`` after every step; ``answered(change, outcome)`` for each change. */
  static async open({ url, record, owner, key, tell, answered }) {
    const sender = new Sender();
    Object.assign(sender, { url, tell, answered, device: deviceId(), state: "saved", pause: FIRST_PAUSE_MS });
    sender.kept = await openKept({ record, owner, key });
    sender.lock = `smpclinic-sending-${record}`;
    window.addEventListener("online", () => sender.flush());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sender.flush());
    return sender;
  }

  /** Keep a change on the device, then send it. Resolves when it is kept. */
  async add({ target, field, value, was = null, at = null }) {
    const kept = await this.kept.add({ id: newId(), target, field, value, was, at, words: null });
    await this.report();
    this.flush();
    return kept;
  }

  async waiting() {
    return (await this.kept.all()).filter((change) => !change.words);
  }

  async refused() {
    return (await this.kept.all()).filter((change) => change.words);
  }

  /** Whether everything is with the server now; refused changes are answered too. */
  flush() {
    this.running = (this.running ?? Promise.resolve()).then(() => this.inTurn());
    return this.running;
  }

  // Two tabs of one device share what is kept: one sends at a time.
  inTurn() {
    if (!navigator.locks) return this.sendAll();
    return navigator.locks.request(this.lock, () => this.sendAll());
  }

  async sendAll() {
    clearTimeout(this.timer);
    for (;;) {
      const waiting = (await this.waiting()).slice(0, MOST_AT_ONCE);
      if (!waiting.length) return this.arrived();
      await this.report("saving");
      const answer = await this.send(waiting);
      if (!answer.outcomes) return this.later(answer.state);
      for (const outcome of answer.outcomes) await this.settle(waiting, outcome);
    }
  }

  async send(waiting) {
    const changes = waiting.map(({ id, sequence, target, field, value, was, at }) => ({ id, sequence, target, field, value, was, at }));
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
    const body = JSON.stringify({ device: this.device, changes });
    const options = { method: "POST", redirect: "manual", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) };
    try {
      const response = await fetch(this.url, options);
      if (response.type === "opaqueredirect" || [401, 403, 404].includes(response.status)) return { state: "signed out" };
      const told = await response.json();
      if (response.status === 400) return { outcomes: waiting.map(({ id }) => ({ id, result: "refused", words: { "": told.problems } })) };
      return response.ok ? told : { state: "offline" };
    } catch {
      return { state: "offline" };
    }
  }

  async settle(waiting, outcome) {
    const change = waiting.find(({ id }) => id === outcome.id);
    if (!change) return;
    if (outcome.result === "applied" || outcome.result === "already") await this.kept.remove(change);
    else await this.kept.put({ ...change, words: outcome.words, result: outcome.result });
    this.answered(change, outcome);
  }

  async arrived() {
    this.pause = FIRST_PAUSE_MS;
    await this.report("saved");
    return true;
  }

  async later(state) {
    this.timer = setTimeout(() => this.flush(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
    await this.report(state);
    return false;
  }

  async report(state = this.state) {
    this.state = state;
    const [all, others] = [await this.kept.all(), await this.kept.countOfOthers()];
    const waiting = all.filter((change) => !change.words).length;
    this.tell({ state, waiting, refused: all.length - waiting, others, isLasting: this.kept.isLasting });
  }
}
