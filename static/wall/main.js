// The wall as a teacher has it: each tile can be chosen.
const version = new URL(import.meta.url).search;
const { component } = await import("../shared/mount.js" + version);
const { Grid } = await import("./grid.js" + version);

class Wall {
  constructor() {
    this.grid = new Grid((id) => this.choose(id));
    this.root = this.grid.root;
  }

  update(data, setStateValue) {
    this.data = data;
    this.choose = (id) => setStateValue("chosen", id === this.data.chosen ? "" : id);
    this.grid.update(data);
  }
}

export default component(() => new Wall());
