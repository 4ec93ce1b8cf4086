// Asks the server once a second how the class is, and says how long ago somebody did something here.
// When the server was gone and is back, but the page has not come back with it, the page is loaded again.

const ADDRESS = new URL("../../../class-pulse", import.meta.url);
const EVERY = 1000, PATIENCE = 4000, LOST_AFTER = 2;  // milliseconds; failures in a row
const BACK_BY = 2500; // milliseconds that Streamlit's own connection has to come back
const ACTIONS = ["pointerdown", "keydown", "wheel", "touchstart"];

export class Pulse {
  constructor({ came, lost }) {
    this.handler = came;
    this.lost = lost;
    this.failures = 0;
    this.acted = performance.now();
    this.note = () => { this.acted = performance.now(); };
    for (const action of ACTIONS) window.addEventListener(action, this.note, { capture: true, passive: true });
    this.wake = () => document.visibilityState === "visible" && this.beat();
    document.addEventListener("visibilitychange", this.wake);
    this.timer = setInterval(() => this.beat(), EVERY);
    this.beat();
  }

  async beat() {
    if (this.asking) return;
    this.asking = true;
    try {
      const idle = ((performance.now() - this.acted) / 1000).toFixed(0);
      const answer = await fetch(`${ADDRESS.href}?idle=${idle}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
      if (!answer.ok) throw new Error(answer.statusText);
      this.found(await answer.json());
    } catch {
      this.failures += 1;
      if (this.failures === LOST_AFTER) this.lost(true);
    } finally {
      this.asking = false;
    }
  }

  found(state) {
    if (this.failures >= LOST_AFTER) {
      this.lost(false);
      this.returned = performance.now();
    }
    this.failures = 0;
    if (this.returned && performance.now() - this.returned > BACK_BY) {
      this.returned = 0;
      if (!connected()) location.reload();
    }
    this.handler(state);
  }

  end() {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.wake);
    for (const action of ACTIONS) window.removeEventListener(action, this.note, { capture: true });
  }
}

const connected = () =>
  document.querySelector("[data-testid=stApp]")?.getAttribute("data-test-connection-state") === "CONNECTED";
