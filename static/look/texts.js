// The interface's texts of what happens inside a network on sequences, by file.

const { _, _n, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // answer.js: the verdict, and its rows
  NEXT: _("{amount} next"),
  AMOUNT: _("{number} {unit}"),
  OFF_CORRECT: _("Off by {amount}: correct (correct is up to {tolerance})"),
  OFF_WRONG: _("Off by {amount}: wrong (correct is up to {tolerance})"),
  PREDICTED_CORRECT: _("{prediction}: correct"),
  PREDICTED_WRONG: _("{prediction}, but it is {target}"),
  CORRECT_STEPS: _n("{correct} of {count} correct", "{correct} of {count} correct"),
  VERDICT_WHEN: _("{verdict}, {when}"),
  WRITTEN: _("“{text}”: {verdict}"),
  PROBABLE: _("{symbol} {probability}"),
  STEP: _("Step {step}: {facts}"),
  STEP_TARGET: _("Step {step}: {facts} (target: {target})"),
  GOES_IN: _("goes in"),
  PREDICTION: _("prediction"),
  PROBABILITY: _("probability"),
  TARGET: _("target"),
  IS_CORRECT: _("correct"),
  IS_WRONG: _("wrong, it is {target}"),

  // attention.js
  CAUTION: _("Attention shows where a head takes from. By itself it is not an explanation of the prediction."),

  MUTE: _("Mute this head"),
  UNMUTE: _("Let this head speak again"),
  SILENT: _n("{count} head is muted: the prediction above is without it.", "{count} heads are muted: the prediction above is without them."),

  // compare.js, guesses.js: what it would predict after each step
  STATES_MAP: _("Hidden states: rows are units, columns are steps"),
  PREDICTIONS_MAP: _("Its prediction after each step: rows are classes, columns are steps"),
  STATES: _("Hidden state: units over time"),
  PREDICTIONS: _("Its prediction after each step"),
  NOT_TRAINED: _("Not trained on this task yet."),
  DASHED_TARGET: _("dashed: target"),
  STATE_AT: _("Unit {unit} at step {step} “{word}”: {value}"),
  PREDICTION_AT: _("After step {step} “{word}”: {name} {probability}"),
  TARGET_IS: _("Target: {name}."),
  OUTLINED: _("Outlined: the target."),
  READ: _("What it reads"),
  AFTER_EACH_STEP: _("after each step"),
  POINT_AT_PREDICTION: _("Point at a square: what would it have predicted then?"),
  AT_END: _("The prediction at the end is {value}."),
  AT_END_TARGET: _("The prediction at the end is {value}; the target is {target}."),
  SINCE_FIRST: {
    unknown: _("From the first step on the prediction is {name}."),
    correct: _("From the first step on the prediction is {name}, which is correct."),
    wrong: _("From the first step on the prediction is {name}; the target is {target}."),
  },
  SINCE: {
    unknown: _("From step {step} ({word}) on the prediction is {name}."),
    correct: _("From step {step} ({word}) on the prediction is {name}, which is correct."),
    wrong: _("From step {step} ({word}) on the prediction is {name}; the target is {target}."),
  },
  NUMBER_AFTER: _("After step {step} ({word}) the prediction is {value}."),
  CLASS_AFTER: _("After step {step} ({word}): {name} {probability}."),

  // head.js: one head in three stages
  STAGE: _("Stage"),
  STAGES: { scores: _("1 Scores"), scaled: _("2 Scaled and masked"), weights: _("3 Softmax") },
  ATTENTION_MAP: _("Attention: rows are queries, columns are keys"),
  QUERIES: _("who looks (query)"),
  KEYS: _("at what (key)"),
  MODULE_HEAD: _("{name}, head {head}"),
  WRITES: _("A row “{row}”: the network has read the first and writes the second."),
  POINT_AT_HEAD: _("Point at a square: who looks there, at what, and how much?"),
  ATTENDS: _("Place {query} “{asking}” (query) gives {fraction} of its attention to place {key} “{asked}” (key)."),
  MASKED: _("Place {query} “{asking}” (query) may not look at place {key} “{asked}” (key): it is masked."),
  FITS: _("Place {query} “{asking}” (query) and place {key} “{asked}” (key) fit with a score of {value}."),
  FITS_SCALED: _("Place {query} “{asking}” (query) and place {key} “{asked}” (key) fit with a score of {value} "
    + "after scaling."),
  ABOUT_SCORES: _("How well the query of one place fits the key of another: {width} numbers times {width} "
    + "numbers, added up (dot product)."),
  ABOUT_WEIGHTS: _("Each row made into shares that add up to 100 %: the attention weights."),
  ABOUT_MASK: _("Divided by the root of {width}, because so many products were added up. Crossed out: places that "
    + "may not be looked at (mask)."),
  ABOUT_SCALED: _("Divided by the root of {width}, because so many products were added up. Nothing is masked here."),
  HABITS: {
    itself: _("Mostly each place attends to itself ({fraction} of the attention)."),
    before: _("Mostly each place attends to the one before it ({fraction} of the attention)."),
    after: _("Mostly each place attends to the one after it ({fraction} of the attention)."),
    mirror: _("Mostly each place attends to its mirror place, counted from the end ({fraction} of the attention)."),
  },
  ALL_LOOK_AT: _("Mostly all places look at place {place} “{word}” ({fraction} of the attention)."),
  LOOKS_AT: _("Mostly it looks at place {place} “{word}” ({fraction} of the attention)."),

  // heads.js
  SHARPNESS: _("The number says how sharp a head is: 1 attends to a single place, 0 to all equally. "
    + "While the network learns, the line below shows its course."),
  CROSS_ATTENTION: _("attends to another sequence (cross-attention)"),
  SELF_ATTENTION: _("attends to its own sequence (self-attention)"),
  HEAD: _("Head {head}"),
  HEAD_SHARPNESS: _("Head {head}, sharpness {sharpness}"),

  // positions.js
  ENCODING_MAP: _("Positional encoding: rows are places, columns are its numbers"),
  PRODUCTS_MAP: _("Dot products between places"),
  ENCODING: _("The pattern of each place"),
  PRODUCTS: _("How alike two places are"),
  PLACE: _("place"),
  ITS_NUMBERS: _("its numbers"),
  POINT_AT_NUMBER: _("Point at a square to read its number."),
  NUMBER_AT: _("Place {place}, number {number}: {value}."),
  ABOUT_PRODUCTS: _("Dot products, divided by the largest. The larger, the more alike."),
  PRODUCT_OF: _("Places {place} and {other}: dot product {value} of the largest."),

  // states.js
  UNITS_MAP: _("States: rows are units, columns are steps"),
  CLEAR: _("Clear"),
  UNITS: _("unit"),
  STEPS: _("step by step"),
  THRESHOLD: _("On means above {value}"),
  VALUE_AT: _("Unit {unit} at step {step} “{word}”: {what} {value}."),
  CURVE_OF: _("Below the picture: the curve of unit {unit}."),
  CURVE_OF_SOME: _("Below the picture: the curve of unit {unit}. The first {shown} of {all} units are shown."),
  GREY: _("grey: {name}"),
  GREY_UPSIDE_DOWN: _("grey: {name}, upside down"),
  NONE_FOLLOWS: _("No unit follows the {name} yet. The closest is unit {unit} (correlation {correlation})."),
  TRACES: _("Unit {unit} traces the {name}: their correlation is {correlation} (1 or −1 is exactly in step, 0 not "
    + "at all)."),
  TRACES_UPSIDE_DOWN: _("Unit {unit} traces the {name}, upside down: their correlation is {correlation} (1 or −1 is "
    + "exactly in step, 0 not at all)."),
  DRAG: _("Drag over some steps: which units are on only there?"),
  ONE_STEP: _("step {step}"),
  SPAN: _("steps {first} to {last}"),
  SEARCHING: _("On only at {steps} …"),
  // patterns.js
  DRAG_PATTERN: _("Drag over some steps (Enter, then Shift + Enter by keyboard): the units that are on there are searched for"),
  UNIT_AT: _("Unit {unit} at step {step} ({word}): {value}"),
  SEARCHING_PATTERN: _("Searching …"),
  NO_UNIT_ON: _("No unit is above {value} at all marked steps; mark fewer steps, or lower the threshold."),
  PATTERN_FOUND: _("Units on: {units}. The most alike of {searched} test samples:"),
  PATTERN_NOWHERE: _("Units on: {units}. None of {searched} test samples has one of them on for so long."),
  MATCH: _("Test sample {sample}: {fraction} alike, {common} of {units} units"),
  NONE_ONLY_THERE: _("No unit is above {value} at {steps} and nowhere else. Try another threshold or other steps."),
  ONLY_THERE: _n("On only at {steps}: unit {units}.", "On only at {steps}: units {units}."),

  // unit.js
  CURVE: _("Curve from {low} to {high}"),

  // written.js
  APPEARS_HERE: _("New samples appear here while the network trains."),
  DOT_ENDS: _("The dot ends a name."),
  WRITTEN_BY: _("Written by the network"),
  COMES_AFTER: _("What could come after “{text}”"),
  COMES_FIRST: _("What could come first"),
  AT_STEP: _("step {step}"),
  ON_LIST: _("on the list that it learned from"),
});
