// Brings what a lesson speaks of into sight, once for each step: a ring of light below the fold lights nothing.
const PATIENCE = 6000; // ms in which a page may still be drawing the control
const EACH = 150;
const HEAD = 64; // px of the navigation, under which nothing is seen
const shown = new WeakMap(); // the step for which it was done, by place

export default function (component) {
  const { step, selector } = component.data;
  if (shown.get(component.parentElement) === step) return () => {};
  shown.set(component.parentElement, step);
  let waited = 0;
  const look = setInterval(() => {
    waited += EACH;
    const lit = [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility());
    if (lit.length || waited > PATIENCE) clearInterval(look);
    if (lit.length && !lit.some(inSight)) reveal(lit[0]);
  }, EACH);
  return () => clearInterval(look);
}

/** The height that the lesson's sheet leaves on a narrow window, all of it on a wide one. */
function bottom() {
  return matchMedia("(max-width: 900px)").matches ? innerHeight * 0.55 : innerHeight;
}

function inSight(element) {
  const { top, bottom: end } = element.getBoundingClientRect();
  return top >= HEAD && (end <= bottom() || top < bottom() / 2);
}

function reveal(element) {
  element.style.scrollMarginTop = `${HEAD + 24}px`;
  element.scrollIntoView({ block: bottom() < innerHeight ? "start" : "center",
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}
