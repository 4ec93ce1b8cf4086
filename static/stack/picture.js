// A card's small picture, enlarged by a whole number so that its pixels stay square and sharp.
// Knows nothing of what it shows.

const version = new URL(import.meta.url).search;
const { h } = await import("./icons.js" + version);
const { setAttributes } = await import("../shared/dom.js" + version);

const TALL = 62; // px that a picture may fill
const WIDE = 124;

export function makePicture() {
  const image = h("img", { class: "picture", alt: "", draggable: "false" });
  return h("div", { class: "frame" }, image);
}

// url: data URL of a PNG, or null.
export function drawPicture(frame, url) {
  const image = frame.firstChild;
  image.hidden = !url;
  if (!url || image.getAttribute("src") === url) return;
  const { width, height } = shownSize(url);
  image.style.width = `${width}px`;
  image.style.height = `${height}px`;
  setAttributes(image, { src: url });
}

// How large, in px, a picture is shown. A PNG says its size in bytes 16 to 24: nobody has to wait for it.
export function shownSize(url) {
  const start = url.indexOf(",") + 1;
  const bytes = atob(url.slice(start, start + 32));
  const number = (at) => [0, 1, 2, 3].reduce((sum, i) => sum * 256 + bytes.charCodeAt(at + i), 0);
  const [width, height] = [number(16), number(20)];
  const room = Math.min(WIDE / width, TALL / height);
  const scale = room >= 1 ? Math.floor(room) : room;
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
