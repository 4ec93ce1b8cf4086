// Networks to look at, and how the state of one is told to the canvas.

const KINDS = {
  Linear: ["dense", "128 outputs", "128", 100_480], Flatten: ["dense", "", "3136", 0], Conv2d: ["image", "16 filters 3 x 3", "16 x 26 x 26", 2_320],
  MaxPool2d: ["image", "2 x 2", "16 x 13 x 13", 0], ReLU: ["bend", "", "16 x 26 x 26", 0], BatchNorm2d: ["norm", "", "16 x 26 x 26", 32],
  Dropout: ["norm", "0.5", "128", 0], Add: ["join", "", "16 x 26 x 26", 0], Concat: ["join", "along the channels", "64 x 26 x 26", 0],
};

export const PALETTE = [
  ["dense", "Dense", "#3F5BD9", "#8B9DFF"], ["image", "Images", "#1F8A70", "#5FD0B0"], ["bend", "Activations", "#C77700", "#F2B45A"],
  ["norm", "Steadying", "#8A4FBE", "#C79BEF"], ["join", "Joining", "#B8405E", "#F08BA2"],
].map(([family, title, color_light, color_dark]) => ({ family, title, color_light, color_dark,
  layers: Object.entries(KINDS).filter(([, look]) => look[0] === family).map(([kind, look]) => ({ kind, sentence: `${kind}: ${look[1] || "one of the usual ones"}.` })) }));

const chainOf = (kinds) => kinds.reduce((list, kind) => {
  const number = list.filter((layer) => layer.kind === kind).length + 1;
  return [...list, { name: `${kind.toLowerCase()}${number}`, kind, inputs: [list.at(-1)?.name ?? "image"], most: 1 }];
}, []);

function resnet(count) {
  const layers = [{ name: "stem", kind: "Conv2d", inputs: ["image"], most: 1 }];
  for (let block = 1; block <= count; block += 1) {
    const start = layers.at(-1).name;
    for (const kind of ["Conv2d", "BatchNorm2d", "ReLU", "Conv2d", "BatchNorm2d"]) {
      layers.push({ name: `b${block}_${layers.length}`, kind, inputs: [layers.at(-1).name], most: 1 });
    }
    layers.push({ name: `add${block}`, kind: "Add", inputs: [layers.at(-1).name, start], most: 8 });
    layers.push({ name: `relu${block}`, kind: "ReLU", inputs: [`add${block}`], most: 1 });
  }
  return [...layers, { name: "flat", kind: "Flatten", inputs: [layers.at(-1).name], most: 1 }, { name: "out", kind: "Linear", inputs: ["flat"], most: 1 }];
}

function inception() {
  const branch = (name, kinds) => kinds.map((kind, at) => ({ name: `${name}${at}`, kind, inputs: [at ? `${name}${at - 1}` : "stem"], most: 1 }));
  const branches = [branch("one", ["Conv2d"]), branch("three", ["Conv2d", "Conv2d"]), branch("five", ["Conv2d", "Conv2d", "ReLU"]), branch("pool", ["MaxPool2d", "Conv2d"])];
  return [{ name: "stem", kind: "Conv2d", inputs: ["image"], most: 1 }, ...branches.flat(),
    { name: "join", kind: "Concat", inputs: branches.map((one) => one.at(-1).name), most: 8 }, { name: "flat", kind: "Flatten", inputs: ["join"], most: 1 },
    { name: "out", kind: "Linear", inputs: ["flat"], most: 1 }];
}

const CHAIN = ["Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear"];
export const SCENES = {
  chain: () => ({ layers: chainOf(CHAIN) }),
  resnet: () => ({ layers: resnet(2), blocks: [] }),
  folded: () => ({ layers: resnet(2), blocks: [{ title: "Residual 1", layers: resnet(2).slice(1, 8).map((layer) => layer.name), folded: true },
    { title: "Residual 2", layers: resnet(2).slice(8, 15).map((layer) => layer.name), folded: false }] }),
  large: () => ({ layers: resnet(14) }),
  inception: () => ({ layers: inception() }),
  empty: () => ({ layers: [] }),
  broken: () => ({ layers: chainOf(["Conv2d", "ReLU", "Linear"]), problems: { linear1: { warning: false, repair: { label: "Put a Flatten before it" },
    sentence: "Layer 3 (Linear) takes a vector, but layer 2 (ReLU) gives an image of 16 x 26 x 26. Put a Flatten between them." } } }),
};

function picture(seed) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 121, height: 61 });
  const pen = canvas.getContext("2d");
  for (let x = 0; x < 121; x += 4) for (let y = 0; y < 61; y += 4) {
    const share = Math.abs(Math.sin(x / (6 + (seed % 5))) * Math.cos(y / 9));
    pen.fillStyle = `rgb(${60 + share * 80}, ${80 + share * 120}, ${160 + share * 90})`;
    pen.fillRect(x, y, 4, 4);
  }
  return canvas.toDataURL();
}

const pictures = new Map();
const pictureOf = (name) => pictures.get(name) ?? pictures.set(name, picture(pictures.size)).get(name);

export function designOf({ layers, inputs, blocks, places, problems }) {
  const at = (name) => ({ x: places[name]?.[0] ?? null, y: places[name]?.[1] ?? null });
  const nodes = layers.map((layer) => {
    const [family, summary, shape, parameters] = KINDS[layer.kind] ?? ["", "", "", 0];
    const problem = problems[layer.name] ?? null;
    return { name: layer.name, kind: layer.kind, family, summary, out_shape: problem ? null : shape, parameters: problem ? null : parameters,
      picture: !problem && parameters !== 0, problem, ...at(layer.name), block: blocks.find((block) => block.layers.includes(layer.name))?.title ?? null,
      ports: { least: layer.most > 1 ? 2 : 1, most: layer.most }, trainable: true, spec: { name: layer.name, kind: layer.kind, fields: {}, inputs: null } };
  });
  const shapeOf = (name) => nodes.find((node) => node.name === name)?.out_shape ?? (inputs.includes(name) ? "1 x 28 x 28" : null);
  const wires = layers.flatMap((layer) => layer.inputs.map((source, slot) => ({ source, target: layer.name, slot, shape: shapeOf(source), explicit: true,
    problem: problems[layer.name] ? { sentence: problems[layer.name].sentence, repair: null, warning: false } : null })));
  return { inputs: inputs.map((name) => ({ name, title: "Handwritten digits", shape: "1 x 28 x 28", picture: pictureOf(name), ...at(name) })), nodes, wires, blocks,
    output: layers.at(-1)?.name ?? null, targets: "10" };
}
