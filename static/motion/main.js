// One update in slow motion, one weight's chain of derivatives, and the arithmetic inside a layer.
// Python sends plain data (pages/ui/motion/); `view` names the view. Nothing here asks for more.
const version = new URL(import.meta.url).search;
const { component } = await import("../shared/mount.js" + version);
const { Player } = await import("./player.js" + version);
const { Weight } = await import("./weight.js" + version);
const { Layer } = await import("./layer.js" + version);

const VIEWS = { player: Player, weight: Weight, layer: Layer };

export default component(({ view }) => new VIEWS[view]());
