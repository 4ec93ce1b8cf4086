// Takes what a tick brings of a run's live pictures, and says which of them are in sight. Shows nothing itself: who
// shows them listens (static/shared/live_pictures.js). See pages/ui/build/feed.py for what comes.
const version = new URL(import.meta.url).search;
const { component } = await import("../shared/mount.js" + version);
const { clear, onSight, put } = await import("../shared/live_pictures.js" + version);

const REST = 120; // ms that the names in sight stay the same before they are said: a scroll passes many

class Feed {
  constructor() {
    this.root = document.createElement("span");
    this.timer = 0;
    onSight((names) => this.say(names));
  }

  say(names) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send?.("visible", names), REST);
  }

  update({ json, pictures }, send) {
    this.send = send;
    if (!json.live) {
      clear();
      return;
    }
    const bytes = pictures?.getChildAt(0)?.data[0]?.values ?? new Uint8Array();
    put(json.pictures.map(({ name, width, height, offset }) => (
      { name, width, height, bytes: bytes.slice(offset, offset + width * height) })));
  }

  destroy() {
    clearTimeout(this.timer);
    onSight(null);
    clear();
  }
}

export default component(() => new Feed());
