// Marks: what a person changed while the run went on, as thin vertical lines with a short text beside them.

const NEAR = 6; // CSS pixels from the cursor at which a mark counts as pointed at
const FONT = 11;

/** A uPlot draw hook. `labelled` says whether this chart writes the texts: one of several is enough. */
export function drawMarks(chart, marks, theme, labelled) {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  const shown = marks.map(([step, label]) => [Math.round(chart.valToPos(step, "x", true)), label])
    .filter(([left]) => left >= bbox.left && left <= bbox.left + bbox.width);
  if (!shown.length) return;
  ctx.save();
  ctx.strokeStyle = theme.mark;
  ctx.lineWidth = Math.max(1, Math.round(ratio));
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  for (const [left] of shown) line(ctx, left, bbox);
  ctx.font = `${FONT * ratio}px ${theme.font}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  if (labelled) writeLabels(ctx, shown, bbox, theme, ratio);
  ctx.restore();
}

/** A uPlot draw hook: the moment that is looked back at. */
export function drawMoment(chart, step, theme) {
  if (step === null) return;
  const { ctx, bbox } = chart;
  const left = Math.round(chart.valToPos(step, "x", true));
  if (left < bbox.left || left > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = Math.max(1, Math.round(1.5 * devicePixelRatio));
  line(ctx, left, bbox);
  ctx.restore();
}

function line(ctx, left, bbox) {
  const x = left + (ctx.lineWidth % 2) / 2;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
}

/** Newest first: where two texts would meet, the older one is left to the cursor's readout. */
function writeLabels(ctx, shown, bbox, theme, ratio) {
  const gap = 5 * ratio;
  const tall = (FONT + 5) * ratio;
  let free = bbox.left + bbox.width; // right end of the room still free
  for (const [left, label] of shown.toReversed()) {
    const wide = ctx.measureText(label).width + 2 * gap;
    const start = left + wide <= free ? left + 1 : left - wide - 1;
    if (start < bbox.left || start + wide > free) continue;
    ctx.globalAlpha = 0.85;
    ctx.fillStyle = theme.background;
    ctx.fillRect(start, bbox.top, wide, tall);
    ctx.globalAlpha = 1;
    ctx.fillStyle = theme.muted;
    ctx.fillText(label, start + gap, bbox.top + tall / 2);
    free = Math.min(start, left);
  }
}

/** Texts of the marks within reach of the cursor at `step`. */
export function marksNear(chart, marks, step) {
  const at = chart.valToPos(step, "x");
  const near = marks.filter(([other]) => Math.abs(chart.valToPos(other, "x") - at) <= NEAR);
  return near.map(([, label]) => label);
}
