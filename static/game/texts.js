// The interface's texts of games, by file.

const { _, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // board.js
  BOARD: _("The board: {cells}"),
  CELL: _("{name} in row {row}, column {column}"),
  CART: _("The cart at {place} m, the pole leaning {angle}°"),

  // main.js
  NETWORK: _("The network plays"),
  NETWORK_AGAINST_ITSELF: _("The network plays against itself"),
  MOVE: _("Move {number} of {moves}"),
  RETURN: _("{what} so far: {total}"),
  SLOW: _("Slow"),
  FAST: _("Fast"),
  ONE_MOVE: _("One move"),
  PAUSE: _("Pause"),
  PLAY: _("Play"),
  AGAIN: _("From the start"),
  AFTER_STEP: _("A game with the weights of step {step}"),
  EXPLORES: _("exploration {fraction} %"),

  // actions.js
  VALUES: _("Value of each action"),
  PROBABILITIES: _("Probability of each action"),
  NOT_ALLOWED: _("not possible"),

  // map.js
  MAP: _("Value of each place, and what the network would do there"),
  MAP_LABEL: _("Row {row}, column {column}: {action}, {value}"),
  RANGE: _("Pale {low}, dark {high}"),
  CELL_OF_BOARD: _("Row {row}, column {column}: {name}"),
  CLICK_REWARD: _("Click a cell to change its reward while it learns: +1, −1, none. Reaching a reward ends a game."),

  // memory.js
  MEMORY: _("Replay memory: {size} of {capacity} moves; {shown} are shown, from oldest to newest"),
  DRAWN: _("outlined: the batch of the last update"),

  // own.js
  YOU: _("You play"),
  KEYS: _("Arrow keys, or the buttons"),
  CLICK: _("Click a cell"),
  YOURS: _("{what}: {total}"),
  BOTH: _("{what}: you {total}, the network {its}"),
  OUTCOMES: { won: _("You have won."), lost: _("The network has won."), drawn: _("A draw.") },
  OVER: _("The game is over."),
  ADVICE: _("The network would now choose: {action}"),
  UNDO: _("Start again"),
});
