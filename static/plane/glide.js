// From one picture of bytes to the next, in the frames of the browser between them: what was measured four times a second
// moves as evenly as it was learnt.
const LONGEST = 600; // ms; after a longer pause the next picture is shown at once

/** `t` of the way, 0 to 1; with `holes` a byte of 0 is no number, and is never mixed. */
export function between(from, to, t, holes) {
  return Uint8Array.from(to, (level, at) => (holes && !(level && from[at]) ? level : Math.round(from[at] + (level - from[at]) * t)));
}

const BROWSER = { now: () => performance.now(), frame: (work) => requestAnimationFrame(work), drop: (frame) => cancelAnimationFrame(frame),
  calm: () => matchMedia("(prefers-reduced-motion: reduce)").matches };

export class Glide {
  constructor(draw, clock = BROWSER) {
    this.draw = draw;
    this.clock = clock;
    this.from = this.to = null;
    this.start = -Infinity;
    this.span = this.frame = 0;
    this.holes = false;
  }

  /** Shows `to`, after as long as it was awaited; at once where there is nothing like it to begin with. */
  next(to, holes) {
    const now = this.clock.now(), waited = now - this.start, shown = this.levels();
    const alike = shown?.length === to?.length && holes === this.holes;
    const moves = Boolean(shown && to && alike && waited < LONGEST && !this.clock.calm());
    Object.assign(this, { from: moves ? shown : to, to, holes, start: now, span: moves ? waited : 0 });
    this.clock.drop(this.frame);
    if (moves) this.frame = this.clock.frame(() => this.step());
  }

  step() {
    this.draw();
    if (this.clock.now() - this.start < this.span) this.frame = this.clock.frame(() => this.step());
  }

  /** What is shown now. */
  levels() {
    const gone = this.clock.now() - this.start;
    return !this.to || gone >= this.span ? this.to : between(this.from, this.to, gone / this.span, this.holes);
  }

  stop() {
    this.clock.drop(this.frame);
  }
}
