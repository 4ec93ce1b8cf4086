// Edits on their way to Python. Every message carries all that Python has not answered yet, each with its own growing
// rev, so that a message overtaken by the next one loses nothing and nothing is applied twice. Also which version of the
// design is here. Knows nothing of what an edit means, except that a later selection replaces an earlier one.
import type { Edit, Entry, HeldDesign, Message } from "./types.ts";

const SELECT_PAUSE = 140; // ms; an arrow key held down asks Python once, not sixty times
const BETWEEN = 60; // ms from one message to the next: each one starts Python's script anew
// ms until Python is told which version is here, where no edit carries it; and until it is asked for the whole design. An
// edit starts the page anew, which closes what a button has opened meanwhile, so a version that is here is told elsewhere.
const HAVE_PAUSE = 1_500, ASK_PAUSE = 150;
const AGAIN = 2_000; // ms without an answer after which the message is sent once more; then twice as long
const LONGEST = 16_000;

export interface Clock { now(): number; date(): number; later(work: () => void, pause: number): number; cancel(timer: number): void }

export class Edits {
  entries: Entry[] = [];
  have = -1;
  channel: string | null = null;
  private next = 1;
  private turn = 0;
  private sent = 0;
  private announced: number | null = null;
  private patience = AGAIN;
  private sentAt = -Infinity;
  private timer = 0;

  readonly mount: string;
  private readonly send: (message: Message) => void;
  private readonly tell: () => void;
  private readonly clock: Clock;

  /** `tell`: pass `held()` on without starting the page anew. */
  constructor(mount: string, send: (message: Message) => void, tell: () => void, clock: Clock) {
    this.mount = mount;
    this.send = send;
    this.tell = tell;
    this.clock = clock;
  }

  push(edit: Edit): number {
    const last = this.entries.at(-1);
    const again = edit.type === "select" && last?.edit.type === "select" && last.rev > this.sent;
    if (again) last.edit = edit;
    else this.entries.push({ rev: this.next++, edit });
    this.plan(this.pause());
    return this.entries.at(-1)?.rev ?? 0;
  }

  /** Takes Python's word. False where it is of another channel: the waiting edits are then none of its business. */
  accept(channel: string, ack: number): boolean {
    const foreign = this.channel !== null && channel !== this.channel;
    this.channel = channel;
    if (foreign) {
      this.have = -1;
      this.announced = null;
    }
    this.next = Math.max(this.next, ack + 1);
    const left = foreign ? [] : this.entries.filter((entry) => entry.rev > ack);
    if (left.length < this.entries.length) this.patience = AGAIN;
    this.entries = left;
    return !foreign;
  }

  /** The version that is shown from now on; -1 asks for the design. */
  adopt(version: number): void {
    this.have = version;
    if (version < 0) this.announced = null;
    if (this.have !== this.announced) this.plan(this.entries.some((entry) => entry.rev > this.sent) ? this.pause() : version < 0 ? ASK_PAUSE : HAVE_PAUSE);
  }

  get waiting(): boolean {
    return this.entries.length > 0;
  }

  flush(): void {
    this.clock.cancel(this.timer);
    const last = this.entries.at(-1)?.rev ?? 0;
    if (this.channel === null || (last <= this.sent && this.have === this.announced)) return;
    if (last <= this.sent && this.have >= 0) return this.tell();
    this.sent = Math.max(this.sent, last);
    this.sentAt = this.clock.now();
    this.send({ ...this.held(), edits: this.entries.map((entry) => ({ ...entry })) });
    this.plan(this.patience, () => this.repeat());
  }

  /** Which version is here, as Python is told now; of two such words the one with the larger turn is the later. */
  held(): HeldDesign {
    this.announced = this.have;
    this.turn = Math.max(this.turn + 1, Math.round(this.clock.date()));
    return { channel: this.channel ?? "", mount: this.mount, have: this.have, delta: 3, turn: this.turn };
  }

  private repeat(): void {
    if (!this.waiting && this.have >= 0) return;
    this.patience = Math.min(this.patience * 2, LONGEST);
    this.sent = 0;
    this.announced = null;
    this.flush();
  }

  close(): void {
    this.clock.cancel(this.timer);
  }

  private pause(): number {
    const urgent = this.entries.some((entry) => entry.rev > this.sent && entry.edit.type !== "select");
    return urgent ? Math.max(0, this.sentAt + BETWEEN - this.clock.now()) : SELECT_PAUSE;
  }

  private plan(pause: number, work: () => void = () => this.flush()): void {
    this.clock.cancel(this.timer);
    this.timer = this.clock.later(work, pause);
  }
}
