// Edits on their way to Python. Every message carries all that Python has not answered yet, each with its own
// growing rev, so that a message overtaken by the next one loses nothing and nothing is applied twice. Knows
// nothing of what an edit means, except that a later choice of a card replaces an earlier one.

const SELECT_PAUSE = 140; // ms; an arrow key held down asks Python once, not sixty times
const BETWEEN = 60; // ms from one message to the next: each one starts Python's script anew
const AGAIN = 2_000; // ms without an answer after which the message is sent once more; then twice as long
const LONGEST = 16_000;

export class Queue {
  constructor() {
    this.entries = []; // { epoch, rev, edit, like }; `like` stays here: how a card still to come will look
    this.next = 1;
    this.sent = 0;
    this.sentAt = 0;
    this.timer = null;
    this.patience = AGAIN;
    this.send = (_message) => {};
  }

  push(edit, like = null) {
    const last = this.entries.at(-1);
    const both = edit.type === "select" && last?.edit.type === "select";
    if (both && last.rev > this.sent) last.edit = edit;
    else this.entries.push({ epoch: this.epoch, rev: this.next++, edit, like });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.pause());
  }

  pause() {
    const urgent = this.entries.some((entry) => entry.rev > this.sent && entry.edit.type !== "select");
    return urgent ? Math.max(0, this.sentAt + BETWEEN - performance.now()) : SELECT_PAUSE;
  }

  flush() {
    clearTimeout(this.timer);
    const last = this.entries.at(-1);
    if (!last || last.rev <= this.sent) return;
    this.sent = last.rev;
    this.sentAt = performance.now();
    const edits = this.entries.map(({ epoch, rev, edit }) => ({ epoch, rev, edit }));
    this.send({ channel: this.channel, edits });
    this.timer = setTimeout(() => this.repeat(), this.patience);
  }

  // Runs of the page may overtake each other on the server too, and the older one's message be the last that is read.
  repeat() {
    if (!this.entries.length) return;
    this.patience = Math.min(this.patience * 2, LONGEST);
    this.sent = 0;
    this.flush();
  }

  // Takes Python's word; returns the entries that it has answered. A new epoch or channel means a design that
  // the waiting edits do not speak of: they are dropped, and null is returned.
  accept({ channel, epoch, ack }) {
    const foreign = this.channel !== undefined && (channel !== this.channel || epoch !== this.epoch);
    this.channel = channel;
    this.epoch = epoch;
    this.next = Math.max(this.next, ack + 1);
    const answered = this.entries.filter((entry) => entry.rev <= ack);
    this.entries = foreign ? [] : this.entries.filter((entry) => entry.rev > ack);
    if (foreign || answered.length) this.patience = AGAIN;
    return foreign ? null : answered;
  }

  get busy() {
    return this.entries.some((entry) => entry.edit.type !== "select");
  }

  close() {
    clearTimeout(this.timer);
  }
}
