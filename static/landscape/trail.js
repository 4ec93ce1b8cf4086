// A way down on the drawn field, from above or on the hill: a line, a ring where it began, a ball where it is.

/** `places` are pixels; dots where `dots` gives their radius. */
export function paintTrail(pen, places, { color, dots = 0, ball = true, ring = true }, theme) {
  if (!places.length) return;
  for (const [style, size] of [[theme.halo, 4.5], [color, 2]]) {
    pen.strokeStyle = style;
    pen.lineWidth = size;
    pen.lineJoin = "round";
    pen.beginPath();
    places.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  }
  if (dots) for (const place of places) disc(pen, place, dots, color);
  if (ring) disc(pen, places[0], 6, theme.background, color);
  if (ball) disc(pen, places.at(-1), 6.5, color, theme.background);
}

function disc(pen, [x, y], radius, fill, stroke) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = fill;
  pen.fill();
  if (!stroke) return;
  pen.strokeStyle = stroke;
  pen.lineWidth = 2;
  pen.stroke();
}
