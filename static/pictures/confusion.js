// A confusion table: rows are the truth, columns the answer. Its cells stay; only numbers and shades change.
const { element, setText, fit, percent } = await import("./dom.js" + new URL(import.meta.url).search);

export class Confusion {
  constructor() {
    this.root = element("figure", "confusion");
    this.table = element("table");
    this.aside = element("figcaption", "aside");
    this.note = element("p", "note");
    this.common = element("ol", "common");
    this.pointed = element("p", "pointed");
    this.aside.append(this.note, element("p", "say", "Mixed up most often"), this.common, this.pointed);
    this.root.append(this.table, this.aside);
    this.table.onpointerover = (event) => this.point(event.target.closest("td"));
    this.table.onpointerleave = () => this.point(null);
  }

  update(spec) {
    this.spec = spec;
    if (spec.classes.join() !== this.built) this.build(spec.classes);
    this.built = spec.classes.join();
    this.cells.forEach((row, truth) => row.forEach((cell, answer) => {
      const count = spec.counts[truth][answer];
      setText(cell, count ? String(count) : "");
      cell.style.setProperty("--shade", shade(spec.shares[truth][answer], truth === answer));
    }));
    this.rights.forEach((cell, truth) => {
      const share = spec.right[truth];
      setText(cell, share === null ? "–" : percent(share, 1));
    });
    setText(this.note, spec.note);
    fit(this.common, spec.common.length, mixUp).forEach((item, index) => {
      const { truth, answer, count } = spec.common[index];
      setText(item.children[0], truth);
      setText(item.children[2], answer);
      setText(item.children[3], count === 1 ? "once" : `${count} times`);
    });
    this.say();
  }

  build(classes) {
    const head = element("tr");
    head.append(element("th", "corner", "truth ↓  answer →"), ...classes.map((name) => heading(name, "col")),
                heading("right", "col"));
    this.cells = classes.map((_row, truth) => classes.map((_column, answer) => {
      const cell = element("td", truth === answer ? "right" : "wrong");
      Object.assign(cell.dataset, { truth, answer });
      return cell;
    }));
    this.rights = classes.map(() => element("td", "recall"));
    const rows = classes.map((name, truth) => {
      const row = element("tr");
      row.append(heading(name, "row"), ...this.cells[truth], this.rights[truth]);
      return row;
    });
    const top = element("thead");
    const body = element("tbody");
    top.append(head);
    body.append(...rows);
    this.table.replaceChildren(top, body);
  }

  point(cell) {
    this.at = cell?.dataset.truth ? [Number(cell.dataset.truth), Number(cell.dataset.answer)] : null;
    this.cells.flat().forEach((other) => {
      const { truth, answer } = other.dataset;
      const near = this.at && (Number(truth) === this.at[0] || Number(answer) === this.at[1]);
      other.classList.toggle("near", Boolean(near));
    });
    this.say();
  }

  say() {
    setText(this.pointed, this.at ? this.sentence(...this.at) : "Point at a field to read it.");
  }

  sentence(truth, answer) {
    const { classes, counts, shares } = this.spec;
    const times = counts[truth][answer];
    const share = `${times} of them, ${percent(shares[truth][answer], 1)}`;
    if (truth === answer) return `${classes[truth]} was recognised: ${share}.`;
    return times ? `${classes[truth]} was taken for ${classes[answer]}: ${share}.`
      : `${classes[truth]} was never taken for ${classes[answer]}.`;
  }
}

function mixUp() {
  const item = element("li");
  item.append(element("span", "truth"), element("span", "arrow", "→"), element("span", "answer"),
              element("span", "sure"));
  return item;
}

function heading(text, scope) {
  const cell = element("th", scope, text);
  cell.scope = scope;
  return cell;
}

/** Per cent of colour in a cell. Mix-ups are rare, so theirs grows fast at first. */
function shade(share, right) {
  const strength = right ? share * 45 : Math.min(1, Math.sqrt(share) * 2) * 42;
  return `${share ? Math.max(right ? 0 : 8, strength).toFixed(1) : 0}%`;
}
