// The playground: choose a hill, a start, and who races; each step is torch's rule with the numbers on screen.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { num, plain } = await import("../shared/numbers.js" + version);
const { readTheme } = await import("../shared/theme.js" + version);
const { RaceChart } = await import("./race.js" + version);
const { choice } = await import("./choice.js" + version);
const { Field } = await import("./field.js" + version);
const { GROUNDS } = await import("./grounds.js" + version);
const { racers } = await import("./racers.js" + version);
const { Scene } = await import("./scene.js" + version);
const { step } = await import("./rules.js" + version);
const { fill, locale } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const POINTS = { map: 141, solid: 41 }; // on a side of the painted field
const PACE = 50; // ms between two steps at normal speed
const MOST = 10_000; // steps of one race
const SEEN = 1_500; // points of a trail that are drawn
const FLOOR = { bowl: 1e-3, valley: 1e-3, saddle: 1e-3, banana: 1e-3, two: 1e-2, beale: 1e-3 };

export class Play {
  constructor() {
    this.ground = choice(texts.HILL, Object.keys(GROUNDS).map((key) => [key, texts.GROUNDS[key]]), () => this.change());
    this.speed = choice(texts.SPEED, [["1", "×1"], ["5", "×5"], ["25", "×25"]], () => {});
    this.view = choice(texts.DRAWN, [["map", texts.MAP], ["solid", texts.SOLID]], (value) => this.look(value));
    this.teaches = element("p", "teaches");
    this.formula = element("p", "formula");
    this.play = button(texts.PLAY, () => this.toggle(), "main");
    this.once = button(texts.STEP, () => this.stepOnce());
    this.over = button(texts.START_OVER, () => this.restart());
    this.counter = element("span", "counter");
    this.scene = new Scene({ label: texts.SCENE, pick: (place) => this.begin(place),
      over: (place) => this.point(place), most: 480 });
    this.caption = element("p", "caption");
    this.chart = new RaceChart({ title: texts.HEIGHT, height: 190 });
    this.list = racers(() => this.restart());
    this.root = element("div", "landscape play",
      element("div", "bar", this.ground.root),
      element("div", "", this.teaches, this.formula),
      element("div", "bar", this.play, this.once, this.over, this.speed.root, this.counter, this.view.root),
      element("div", "halves", element("div", "half wide", this.scene.root, this.caption),
        element("div", "half", this.list.root, this.chart.root)));
  }

  update() {
    if (!this.hill) this.change();
    else this.draw(); // the theme may have changed
  }

  change() {
    const hill = this.hill = GROUNDS[this.ground.value];
    this.field = field(hill, POINTS.map, { log: true, floor: hill.low - 20 * FLOOR[this.ground.value] });
    this.solid = field(hill, POINTS.solid, { floor: hill.low, power: hill.power ?? 1 });
    setText(this.teaches, texts.TEACHES[this.ground.value]);
    setText(this.formula, hill.formula);
    this.list.reset(hill);
    this.begin(hill.start);
  }

  look(view) {
    this.pointed = null;
    this.scene.look(view);
    this.draw();
  }

  begin(place) {
    this.start = [...place];
    this.restart();
  }

  restart() {
    this.stop();
    this.taken = 0;
    this.racing = this.list.enter(this.start).map((one) => ({ ...one, trail: [[...one.at]], heights: [this.hill.height(...one.at)], most: this.hill.height(...one.at) }));
    this.draw();
  }

  stepOnce() {
    this.stop();
    this.advance(1);
    this.draw();
  }

  toggle() {
    if (this.frame) this.stop();
    else {
      this.owed = 0;
      this.then = null;
      this.frame = requestAnimationFrame((now) => this.tick(now));
    }
    this.drawControls();
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
  }

  tick(now) {
    this.owed += Math.min(250, now - (this.then ?? now)) * Number(this.speed.value) / PACE;
    this.then = now;
    const due = Math.floor(this.owed);
    this.owed -= due;
    this.advance(due);
    const going = this.racing.some((one) => !one.gone) && this.taken < MOST;
    this.frame = going ? requestAnimationFrame((later) => this.tick(later)) : null;
    if (due || !going) this.draw();
  }

  advance(count) {
    for (let made = 0; made < count && this.taken < MOST; made += 1) {
      this.taken += 1;
      for (const one of this.racing) if (!one.gone) this.move(one);
    }
  }

  move(one) {
    const before = [...one.at], { xs, ys } = this.hill;
    step(one, this.hill.slope(...one.at));
    const far = [xs, ys].some(([low, high], axis) => !(Math.abs(one.at[axis] - (low + high) / 2) < 20 * (high - low)));
    if (far) Object.assign(one, { gone: true, left: before });
    else {
      one.trail.push([...one.at]);
      one.heights.push(this.hill.height(...one.at));
      one.most = Math.max(one.most, one.heights.at(-1));
    }
  }

  draw() {
    const colours = readTheme(this.root), { dark } = colours;
    const trails = this.racing.map((one) => ({ points: sparse(one.trail), color: this.list.color(one.kind, dark), dots: one.trail.length < 60 }));
    trails.unshift(...this.hill.goals.map((goal) => ({ points: [goal], color: colours.muted, ring: false })));
    this.scene.show({ field: this.field, solid: this.solid, trails, xTitle: texts.WEIGHT_X, yTitle: texts.WEIGHT_Y });
    this.drawChart(dark);
    this.drawControls();
    this.list.tell(this.racing, this.hill);
    if (!this.pointed) setText(this.caption, texts.HINTS[this.view.value]);
  }

  drawChart(dark) {
    const floor = FLOOR[this.ground.value] * 1e-2, { low } = this.hill;
    const reach = this.racing.map((one) => (one.gone ? one.heights[0] : one.most) - low);
    const high = Math.max(...reach, 1) * 3;
    const lines = this.racing.map((one) => ({ color: this.list.color(one.kind, dark),
      points: thinned(one.heights).filter(([, height]) => height - low <= high).map(([at, height]) => [at, Math.max(height - low, floor)]) }));
    this.chart.show({ x: { low: 0, high: Math.max(20, this.taken), title: texts.AXIS_STEP }, y: { low: floor, high, log: true }, lines });
  }

  drawControls() {
    setText(this.play, this.frame ? texts.PAUSE : texts.PLAY);
    setText(this.counter, fill(texts.TAKEN, { step: this.taken.toLocaleString(locale()) }));
    this.play.disabled = this.once.disabled = !this.racing.some((one) => !one.gone);
  }

  point(place) {
    this.pointed = place;
    if (!place) return this.draw();
    const [gx, gy] = this.hill.slope(...place);
    setText(this.caption, fill(texts.PLACE, { place: place.map((at) => plain(at)).join(", "),
      height: num(this.hill.height(...place)), across: num(gx), along: num(gy) }));
  }

  destroy() {
    this.stop();
    this.scene.destroy();
    this.chart.destroy();
  }
}

/** The hill's heights on a grid. */
function field(hill, count, options) {
  const along = ([low, high]) => Array.from({ length: count }, (_, at) => low + ((high - low) * at) / (count - 1));
  const xs = along(hill.xs), ys = along(hill.ys);
  return new Field(xs, ys, ys.flatMap((y) => xs.map((x) => hill.height(x, y))), options);
}

/** A long trail with fewer points: every third, fifth ..., an odd one, so that swinging to and fro is still seen. */
function sparse(trail) {
  const every = 2 * Math.floor(trail.length / SEEN / 2) + 1;
  return every === 1 ? trail : trail.filter((_, at) => at % every === 0 || at === trail.length - 1);
}

function button(text, act, className = "") {
  const made = element("button", `push ${className}`, text);
  made.type = "button";
  made.onclick = act;
  return made;
}

/** [step, value] of at most some hundred values, the last always among them. */
function thinned(values, most = 400) {
  const every = Math.ceil(values.length / most), rows = [];
  values.forEach((value, at) => (at % every === 0 || at === values.length - 1) && rows.push([at, value]));
  return rows;
}

