// Why an answer, and what happens without units. Python sends plain data (pages/ui/explain/);
// `view` names the view. Nothing here asks for more.
const version = new URL(import.meta.url).search;
const { component } = await import("../shared/mount.js" + version);
const { Without } = await import("./without.js" + version);
const { Why } = await import("./why.js" + version);

const VIEWS = { why: Why, without: Without };

export default component(({ view }) => new VIEWS[view]());
