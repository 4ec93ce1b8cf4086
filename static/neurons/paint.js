// Draws neurons and links on a canvas: at new data, at a hover, never by itself.
const version = new URL(import.meta.url).search;
const { palette, place, signedPlace } = await import("../shared/colours.js" + version);
const { short } = await import("../shared/numbers.js" + version);

const NUMBERS = 100; // links that have their number written beside them
const THIN = 0.6, THICK = 6; // CSS pixels

/** `scene`: {stages, places, lines, most, theme, way, focus, hover}. */
export function paint(canvas, scene, width, height) {
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = `12px ${scene.theme.font || "sans-serif"}`;
  pen.textBaseline = "middle";
  drawLinks(pen, scene);
  scene.stages.forEach((stage, at) => drawStage(pen, scene, stage, at));
  if (scene.way === "numbers" && scene.lines.length <= NUMBERS) drawNumbers(pen, scene);
}

/** Whether a line belongs to what is read now: 1, or less for what is pale, 0 for what is left out. */
function weightOf(line, { way, focus, hover }) {
  const of = (unit) => unit && ((line.stage === unit[0] && line.unit === unit[1])
    || (line.stage === unit[0] + 1 && line.input === unit[1]));
  if (hover?.line) return hover.line.id === line.id ? 1 : way === "pointed" ? 0 : 0.25;
  if (hover?.unit) return of(hover.unit) ? 1 : way === "pointed" ? 0 : 0.12;
  if (way === "pointed") return 0;
  if (way === "focus" && focus) return of(focus) ? 1 : 0.08;
  return 1;
}

function drawLinks(pen, scene) {
  const colors = palette("signed", scene.theme.dark).css;
  pen.lineCap = "round";
  for (const line of scene.lines) {
    const strength = weightOf(line, scene);
    if (!strength || !line.shown || !Number.isFinite(line.shown)) continue; // what is 0 has no width
    const size = Math.min(1, Math.abs(line.shown) / scene.most);
    pen.globalAlpha = strength * (0.25 + 0.65 * size);
    pen.strokeStyle = colors[line.shown < 0 ? 20 : 235];
    pen.lineWidth = THIN + (THICK - THIN) * size;
    pen.beginPath();
    pen.moveTo(line.x1, line.y1);
    pen.lineTo(line.x2, line.y2);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function drawStage(pen, scene, stage, at) {
  const where = scene.places[at], { theme } = scene;
  pen.fillStyle = theme.text;
  pen.textAlign = "center";
  pen.fillText(clipped(stage.output || stage.name), where.x, 10);
  if (where.picture) drawImage(pen, stage, where, theme);
  else stage.shown.forEach((value, unit) => drawUnit(pen, scene, stage, at, unit, value));
}

const clipped = (name) => (name.length > 14 ? `${name.slice(0, 13)}…` : name);

function drawUnit(pen, scene, stage, at, unit, value) {
  const { x, y } = scene.places[at].units[unit], { radius } = scene.places[at], { theme } = scene;
  const colors = palette("signed", theme.dark), spot = signedPlace(value, stage.most);
  const chosen = [scene.focus, scene.hover?.unit].some((one) => one && one[0] === at && one[1] === unit);
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colors.css[spot];
  pen.fill();
  pen.lineWidth = chosen ? 2.5 : 1;
  pen.strokeStyle = chosen ? theme.accent : theme.muted;
  pen.stroke();
  if (stage.tiles && radius > 6) drawTile(pen, stage.tiles[unit], x, y, radius - 3);
  if (radius >= 12 && !stage.tiles) {
    pen.fillStyle = colors.bright[spot] ? "#111" : "#fff";
    pen.textAlign = "center";
    pen.fillText(short(value), x, y + 0.5);
  }
  if (stage.labels) {
    pen.fillStyle = theme.text;
    pen.textAlign = at ? "left" : "right";
    pen.fillText(String(stage.labels[unit]).slice(0, 6), at ? x + radius + 5 : x - radius - 5, y);
  }
}

/** The input itself, as a picture. */
function drawImage(pen, stage, where, theme) {
  const [channels, height, width] = stage.picture, colors = palette("fraction", theme.dark);
  const pixels = new Uint32Array(height * width), low = Math.min(...stage.shown), high = Math.max(...stage.shown);
  for (let at = 0; at < pixels.length; at++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += stage.shown[channel * pixels.length + at];
    pixels[at] = colors.packed[place(sum / channels, low, high)];
  }
  pen.imageSmoothingEnabled = false;
  pen.drawImage(tile(pixels, width, height), where.x - where.picture / 2, where.y - where.picture / 2, where.picture,
    (where.picture * height) / width);
}

/** A picture within a neuron's circle; a ring around it stays in the colour of its value. */
function drawTile(pen, picture, x, y, radius) {
  pen.save();
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.clip();
  pen.imageSmoothingEnabled = true;
  pen.drawImage(picture, x - radius, y - radius, 2 * radius, 2 * radius);
  pen.restore();
}

/** A small canvas of packed pixels. */
export function tile(pixels, width, height) {
  const made = document.createElement("canvas");
  Object.assign(made, { width, height });
  const data = new ImageData(width, height);
  new Uint32Array(data.data.buffer).set(pixels);
  made.getContext("2d").putImageData(data, 0, 0);
  return made;
}

function drawNumbers(pen, scene) {
  pen.textAlign = "center";
  pen.lineWidth = 3;
  pen.strokeStyle = scene.theme.paper;
  pen.fillStyle = scene.theme.text;
  scene.lines.forEach((line, at) => {
    if (!weightOf(line, scene) || !Number.isFinite(line.shown)) return;
    const along = [0.3, 0.5, 0.7][(line.unit + line.input) % 3];
    const x = line.x1 + along * (line.x2 - line.x1), y = line.y1 + along * (line.y2 - line.y1) + (at % 2) * 3;
    pen.strokeText(short(line.shown), x, y);
    pen.fillText(short(line.shown), x, y);
  });
}
