// Small helpers. Text only ever enters the page through textContent.

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Writes only what differs. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/** As many children of `parent` as wanted, the old ones kept; returns them. */
export function fit(parent, count, make) {
  while (parent.children.length > count) parent.lastElementChild.remove();
  while (parent.children.length < count) parent.append(make(parent.children.length));
  return [...parent.children];
}

/** A picture that is swapped only when the next one is decoded, so that there is never an empty frame. */
export class Picture {
  constructor(className) {
    this.img = element("img", className);
    this.img.draggable = false;
    this.wanted = "";
  }

  async show(source, alt) {
    if (this.img.alt !== alt) this.img.alt = alt;
    if (source === this.wanted) return;
    this.wanted = source;
    const next = new Image();
    next.src = source;
    await next.decode();
    if (source === this.wanted) this.img.src = source;
  }
}

/** Whether the page is dark: light text says so. */
export function isDark(target) {
  const [red, green, blue] = getComputedStyle(target).color.match(/[\d.]+/g).map(Number);
  return 0.299 * red + 0.587 * green + 0.114 * blue > 128;
}

export function percent(share, digits = 0) {
  return `${(share * 100).toFixed(digits)} %`;
}
