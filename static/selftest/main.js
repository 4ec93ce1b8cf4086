// Three questions to the network, asked by this browser once: the address that students type, a WebSocket, the clock.
const version = new URL(import.meta.url).search;
const { element, setText } = await import("../shared/dom.js" + version);
const { component } = await import("../shared/mount.js" + version);
const { fill } = await import("../shared/translation.js" + version);
const { texts } = await import("./texts.js" + version);

const PATIENCE = 5000; // milliseconds
const ROOT = new URL("../../../", import.meta.url); // of this server

class SelfTest {
  constructor() {
    this.lines = ["address", "socket", "clock"].map(() => element("li"));
    this.root = element("ul", "tests", ...this.lines);
  }

  update({ address }) {
    if (this.address === address) return;
    this.address = address;
    [reached(address), opened(), agreed()].forEach(async (question, at) => {
      this.tell(at, [null, texts.ASKING]);
      this.tell(at, await question);
    });
  }

  tell(at, [good, words]) {
    this.lines[at].className = good === null ? "" : good ? "good" : "bad";
    setText(this.lines[at], words);
  }
}

/** Whether anything answers there; what it says may not be read, since the address is another than the page's own. */
async function reached(address) {
  try {
    await fetch(`${address}-pulse`, { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return [true, texts.REACHED];
  } catch {
    return [false, texts.NOT_REACHED];
  }
}

function opened() {
  return new Promise((done) => {
    const socket = new WebSocket(new URL("_stcore/stream", ROOT).href.replace(/^http/, "ws"), ["streamlit"]);
    const end = (good) => {
      socket.close();
      done([good, good ? texts.SOCKET : texts.NO_SOCKET]);
    };
    socket.addEventListener("open", () => end(true));
    socket.addEventListener("error", () => end(false));
    setTimeout(() => end(false), PATIENCE);
  });
}

async function agreed() {
  const answer = await fetch(new URL("class-pulse", ROOT), { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
  const server = answer ? Date.parse(answer.headers.get("date") ?? "") : NaN;
  const seconds = Math.abs(Date.now() - server) / 1000;
  const rounded = Number.isFinite(seconds) ? Math.ceil(seconds) : "?";
  return [seconds < 60, fill(seconds < 60 ? texts.CLOCK : texts.CLOCK_OFF, { seconds: rounded })];
}

export default component(() => new SelfTest());
