// A card's small picture, enlarged by a whole number so that its pixels stay square and sharp; while a run trains, a
// live one lies in its place. Knows nothing of what it shows.

const version = new URL(import.meta.url).search;
const { h } = await import("./icons.js" + version);
const { setAttributes } = await import("../shared/dom.js" + version);
const { listen, paint } = await import("../shared/live_pictures.js" + version);
const { isDark } = await import("../shared/theme.js" + version);

const TALL = 62; // px that a picture may fill
const WIDE = 124;

export function makePicture() {
  const image = h("img", { class: "picture", alt: "", draggable: "false" });
  return h("div", { class: "frame" }, image, h("canvas", { class: "picture live", hidden: "" }));
}

/** From now on the frame shows the live pictures of this name, where there are any. */
export function followPicture(frame, name) {
  if (frame.following === name) return;
  frame.unfollow?.();
  frame.following = name;
  drawLive(frame, null);
  frame.unfollow = listen(name, (live) => drawLive(frame, live));
}

export function unfollowPicture(frame) {
  frame.unfollow?.();
}

function drawLive(frame, live) {
  const [image, canvas] = frame.children;
  canvas.hidden = live === null;
  image.classList.toggle("covered", live !== null);
  frame.style.minHeight = live === null ? "" : image.style.height; // no card moves where one comes or goes
  if (live === null) return;
  const { width, height } = enlarged(live.width, live.height);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  paint(canvas, live, isDark(frame));
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
  return enlarged(number(16), number(20));
}

function enlarged(width, height) {
  const room = Math.min(WIDE / width, TALL / height);
  const scale = room >= 1 ? Math.floor(room) : room;
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
