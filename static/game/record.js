// A game as Python packed it, unpacked: frames, and what the network said before each move.
const { bytes, numbers } = await import("./board.js" + new URL(import.meta.url).search);

export class GameRecord {
  constructor(game, packed) {
    this.key = packed.key;
    this.count = packed.actions.length;
    this.actions = packed.actions;
    this.rewards = packed.rewards;
    this.over = packed.over;
    this.allowed = bytes(packed.allowed);
    this.outputs = numbers(packed.outputs);
    this.wide = game.actions.length;
    const values = game.reveals === "cart" ? numbers(packed.frames) : bytes(packed.frames);
    const size = values.length / (this.count + 1);
    this.frames = Array.from({ length: this.count + 1 }, (_, at) => values.subarray(at * size, (at + 1) * size));
  }

  /** What the network says before move `at`; null behind the last one of a game that is over. */
  outputsAt(at) {
    const row = this.outputs.subarray(at * this.wide, (at + 1) * this.wide);
    return row.length ? row : null;
  }

  may(at) {
    return this.allowed.subarray(at * this.wide, (at + 1) * this.wide);
  }

  /** The sum of the rewards of the first `moves`; of two players, of who began. */
  total(moves, adversarial) {
    return this.rewards.slice(0, moves).reduce((sum, one, at) => sum + (adversarial && at % 2 ? -one : one), 0);
  }
}
