// The arithmetic of a sliding window, without a page: which numbers it covers, their products, the result.

/** Where in the input the window of output cell (row, column) reads: { row, column, value, pad } each. */
export function covered(data, channel, row, column) {
  const { shape: [, height, width], size, stride, padding, dilation, numbers } = data, found = [];
  for (let u = 0; u < size[0]; u += 1) {
    for (let v = 0; v < size[1]; v += 1) {
      const y = row * stride[0] - padding[0] + u * dilation[0], x = column * stride[1] - padding[1]
        + v * dilation[1];
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      found.push({ row: y, column: x, pad: !inside, value: inside
        ? numbers[(channel * height + y) * width + x] : 0 });
    }
  }
  return found;
}

/** The products of one input channel, and their sum. */
export function products(data, channel, row, column) {
  const cells = covered(data, channel, row, column), [k, l] = data.size;
  const terms = cells.map((cell, at) => {
    const weight = data.weights[channel * k * l + at];
    return { ...cell, weight, product: cell.value * weight };
  });
  return { terms, sum: terms.reduce((sum, { product }) => sum + product, 0) };
}

/** What comes out of a convolution at (row, column): a sum for each input channel, and the bias. */
export function convolve(data, row, column) {
  const sums = Array.from({ length: data.shape[0] }, (_, channel) =>
    products(data, channel, row, column).sum);
  return { sums, total: sums.reduce((a, b) => a + b, 0) + data.bias };
}

/** What comes out of a pooling: the largest (padding never wins) or the mean (padding counts as 0). */
export function pool(data, row, column) {
  const cells = covered(data, 0, row, column);
  if (data.slides === "mean") return { cells,
    total: cells.reduce((sum, { value }) => sum + value, 0) / cells.length };
  const winner = cells.filter(({ pad }) => !pad).reduce((best, cell) =>
    (cell.value > best.value ? cell : best));
  return { cells, winner, total: winner.value };
}

/** The output cell whose window has input cell (row, column) nearest to its middle. */
export function reader(data, { row, column }) {
  const { out, size, stride, padding, dilation } = data;
  return [row, column].map((at, axis) => {
    const middle = (dilation[axis] * (size[axis] - 1)) / 2;
    return Math.max(0, Math.min(out[axis] - 1, Math.round((at + padding[axis] - middle) / stride[axis])));
  });
}
