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
  while (parent.children.length < count) parent.append(make());
  return [...parent.children];
}
