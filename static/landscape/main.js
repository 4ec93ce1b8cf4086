// Balls that roll on a hill of two weights. Nothing here asks Python for anything.
const version = new URL(import.meta.url).search;
const { component } = await import("../shared/mount.js" + version);
const { Play } = await import("./play.js" + version);

export default component(() => new Play());
