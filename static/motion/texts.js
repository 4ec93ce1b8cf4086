// The interface's texts of one update in slow motion, of one weight, and of the arithmetic inside a layer, by file.

const { _, _n, translatable } = await import("../shared/translation.js" + new URL(import.meta.url).search);

export const texts = translatable({
  // activation.js
  GOES_IN: _("What goes in"),
  GOES_IN_KEYS: _("What goes in; arrow keys move"),
  COMES_OUT: _("What comes out"),
  COMES_OUT_KEYS: _("What comes out; arrow keys move"),
  CURVE: _("The curve"),
  SLOPE: _("The slope here is {slope}: a gradient that comes back is multiplied by it. The small lines below the "
    + "curve are all numbers of this sample."),

  // batch.js
  BATCH: _("The batch. Choose whose pictures are shown:"),
  PREDICTION: _("prediction {prediction}"),
  TARGET_AND_PREDICTION: _("{target}, prediction {prediction}"),
  TARGET: _("target: {target}"),
  TRAINING_SAMPLE: _("Training sample {number}"),
  SAMPLE_IS: _("Sample {number}: {target}, prediction {prediction}"),
  SAMPLE_MEETS: _("Sample {number}: {prediction}"),

  // cards.js
  LAYERS: _("The layers"),
  INPUT: _("goes in"),
  LAYER_KIND: _("{name} ({kind})"),
  MOVED: _("moved {size}"),
  NO_WEIGHTS: _("no weights"),
  SYMBOLS: _("symbols"),
  MEAN: _("mean {value}"),

  // player.js
  FIVE_STEPS: _("The five steps of one update"),
  BACK: _("Back (left arrow)"),
  PLAY: _("Play (space)"),
  PAUSE: _("Pause (space)"),
  NEXT: _("Next (right arrow)"),
  KEYS: _("Keys: ← → step, space plays, 1 to 5 jump"),
  ONE_UPDATE: _("One update in slow motion"),
  COUNTER: _("{number} {step} ({when})"),
  COUNTER_LAYER: _("{number} {step}: {layer} ({when})"),
  SQUARED_ERROR: _("L = mean of (prediction − target)²"),
  CLIP_BY_VALUE: _("g ← min(line, max(−line, g))"),

  // query.js: one row of attention
  COLUMNS: {
    place: _("place"), product: "q · k", scaled: "/ √d", exponential: _("e^(s − max)"), weight: _("weight"), gauge: "",
  },
  KEYS_TABLE: _("The keys; arrow keys move"),
  GRIDS: { query: _("query"), key: _("key"), value: _("value"), mixed: _("mixed value") },
  THE_QUERY: _("The query q"),
  TAKES_ALONG: _("What the row takes along: Σ weight · value"),
  ASKS: _("Head {head}: {place} asks (query), every place answers with its key. The fit (dot product) is divided by "
    + "√{width} = {root}, softmax makes shares of it, and the values are added up by these shares."),
  ASKS_ADDITIVE: _("Head {head}: {place} asks (query), every place answers with its key. A small network sees both, "
    + "v · tanh(q + k), softmax makes shares of what it says, and the values are added up by these shares."),
  TURNED: _("Query and key have been turned by their places (rotary), so that their product hangs on the distance."),
  DISTANCE: _("Each step of distance takes something off (ALiBi)."),
  DISTANCE_COLUMN: _("− distance"),
  WORD_AT: _("{place} “{word}”"),
  PLACE: _("place {place}"),
  MASKED: _("masked"),
  KEY_OF: _("The key of {place}"),
  VALUE_WEIGHT: _("Its value, taken with weight {weight}"),
  SMALLER_PRODUCTS: _n("{count} smaller product", "{count} smaller products"),
  COMES_FROM: _("{fraction} of it comes from {place}."),

  // sliding.js: a window over the input
  MOVE_WINDOW: _("What goes in; arrow keys move the window"),
  MOVE_CELL: _("What comes out; arrow keys move the cell"),
  TRIO: { window: _("window"), kernel: _("kernel"), products: _("products") },
  TRIO_GRIDS: { window: _("The window"), kernel: _("The kernel"), products: _("Their products") },
  POINT: _("Point at either side, or use the arrow keys."),
  CHANNELS: _("input channel"),
  CHANNEL: _("Input channel {channel}: {height} x {width}"),
  CHANNEL_PADDED: _("Input channel {channel}: {height} x {width}, padded by {padding}"),
  MAP: _("Map {channel}: {height} x {width}"),
  MAP_PADDED: _("Map {channel}: {height} x {width}, padded by {padding}"),
  FILTER_GIVES: _("What filter {channel} gives: {size}"),
  MAP_GIVES: _("What map {channel} gives: {size}"),
  TIMES_KERNEL: _("Row {row}, column {column}: the window times the kernel"),
  WINDOW: _("Row {row}, column {column}: the window"),
  AND_SMALLER: _n("and {count} smaller product", "and {count} smaller products"),
  PRODUCTS_TOGETHER: _n("the only product: Σ = ", "all {count} products together: Σ = "),
  WITH_BIAS: _("{sums} {bias} (bias):"),
  LARGEST: _("The largest of them:"),
  SUM_OVER: _("Their sum / {count}:"),
  CHANNEL_SUM: _("{sum} (channel {channel})"),
  OTHER_CHANNELS: _n("{sum} ({count} other)", "{sum} ({count} others)"),
  LAYER_GAVE: _("✓ the layer gave {value}"),
  LAYER_GAVE_ANOTHER: _("✗ the layer gave {value}"),

  // stages.js: what each of the five steps shows
  SAMPLE: _("sample {number}"),
  FACTS: {
    takes: _("takes"), gives: _("gives"), mean: _("mean"), spread: _("spread"), zeros: _("are exactly 0"),
    weights: _("weights"), back: _("size of what comes back, ‖δ‖"), slope: _("gradient of its weights, ‖g‖"),
    norm: _("all gradients together, ‖g‖"), largest: _("the largest of them"), usual: _("a usual line"),
    line: _("the line"), after: _("‖g‖ after the clip"), optimizer: _("the optimizer"), rate: _("learning rate η"),
    loss: _("loss of this batch, before → after"),
  },
  SHAPE_OF_SYMBOLS: _("{shape} symbols"),
  ONLY_NUMBERED: _("Symbols are only numbered here; the next layer turns each into a list of numbers."),
  MATTER_MOST: _("The numbers that matter most for the loss, for each sample:"),
  LOSSES: {
    target: _("target"), prediction: _("prediction"), probability: _("p(target)"), error: _("squared error"),
    logarithm: _("−log p"),
  },
  PROBABILITY: _("{name}: {probability}"),
  THEIR_MEAN: _("The loss is their mean:"),
  MEAN_OVER_STEPS: _("The loss is the mean over all steps that count, so longer answers count more:"),
  COSTS: _("Sure and correct costs almost 0; a prediction with p = 10 % costs {loss}."),
  SMOOTHING: _("Label smoothing: {fraction} of the target is spread over all classes, so −log p of the others counts a "
    + "little, too."),
  AUGMENTED: _("Training also changes each picture a little (augmentation); not so here."),
  DELTA: _("δ = ∂L/∂output. Where it is above 0, a larger number would make the loss larger."),
  LINE: _("line {line}"),
  PARTS: { layer: _("layer"), norm: "‖g‖", gauge: "", square: _("of the square") },
  BEYOND: _("Beyond the line: every gradient times {factor}, so that the norm becomes {norm}."),
  BELOW: _("Below the line: nothing is changed."),
  CUT: _n("{count} of {weights} gradients lies beyond ±{line} and is cut there.",
    "{count} of {weights} gradients lie beyond ±{line} and are cut there."),
  NONE_CUT: _("No gradient lies beyond ±{line}: nothing is cut."),
  WOULD_CLIP: _("This experiment does not clip. A clip at norm {line} would take every gradient times {factor}, so "
    + "that the norm becomes {norm}."),
  WOULD_NOT_CLIP: _("This experiment does not clip. A clip at norm {line} would change nothing: the norm is below it."),
  WEIGHTS: _n("{count} weight", "{count} weights"),
  BETTER: _("better"),
  WORSE: _("worse"),
  HAS_FALLEN: _("{sentence} On this batch the loss has fallen."),
  HAS_NOT_FALLEN: _("{sentence} On this batch the loss has not fallen: the step went too far, or momentum pulled "
    + "elsewhere."),
  EACH: { sample: "", before: _("before"), after: _("after"), bar: "", verdict: "" },
  MOVES: {
    layer: _("layer"), weights: "", moved: _("moved"), ratio: _("moved / size"), gauge: "10⁻⁶ … 10⁻³ … 1",
  },

  // sums.js: a Linear, a softmax, a norm
  LINEAR_GRIDS: {
    inputs: _("the inputs; arrow keys move"), weights: _("their weights; arrow keys move"),
    products: _("the products; arrow keys move"),
  },
  LINEAR_CAPTIONS: { inputs: _("inputs"), weights: _("weights"), products: _("products") },
  INPUT_AT: _("input {number}"),
  OTHERS: _n("{count} other", "{count} others"),
  BIAS: _("bias"),
  SUM: _("sum"),
  UNIT_OF: _("Unit {unit} of {layer}: each input times its weight, added up, plus a bias. Largest first."),
  LINEAR: {
    input: "", weight: _("weight"), times: "", value: _("input"), equals: "", product: _("product"), bar: "",
  },
  PRODUCT_OF: _("input {number}: {value} × {weight} = {product}"),
  SOFTMAX_IS: _("Softmax turns logits into probabilities that add up to 1: e is raised to each logit, less the largest "
    + "({largest}), and each result is divided by the sum of all."),
  SOFTMAX: {
    class: _("class"), logit: _("logit"), exponential: _("e^(logit − largest)"), probability: _("probability"),
    gauge: "", percent: "",
  },
  NORM_MEAN: _("mean μ"),
  NORM_SPREAD: _("spread √(σ² + ε)"),
  NORM_SCALED: _("centred and scaled"),
  NORM_LEARNED: _("× scale γ, + shift β"),
  OF_NUMBERS: _n("of {count} number", "of {count} numbers"),
  NORM_IS: _("{kind}: mean and spread are of {over}. Each number loses the mean, is divided by the spread, and then "
    + "gets a learned scale and shift."),
  BEFORE: _("All these numbers before"),
  AFTER: _("and after, on the same scale"),

  // weight.js: one weight
  WHERE_USED: _("Where the weight is used"),
  DELTA_CAME: _("How δ came about, in sample {sample}"),
  DELTA_CAME_AT: _("How δ came about, in sample {sample}, {place}"),
  ONE_PATH: _("One path from the loss to the weight"),
  MAKES_OF_IT: _("What {optimizer} makes of it"),
  USES: { place: _("at"), delta: _("δ of the unit it feeds"), carried: _("a that it carries") },
  OTHER_PRODUCTS: _n("{count} other product that is not 0", "{count} other products that are not 0"),
  GRADIENT_PLACES: _("{symbol} of {layer}. Its gradient is the δ of its unit times what it carries, added up over "
    + "every place that uses it (δ is divided by {count} already)."),
  GRADIENT_SAMPLES: _("{symbol} of {layer}. Its gradient is the δ of its unit times what it carries, added up over "
    + "the samples (δ is divided by {count} already)."),
  SAME_AS_AUTOGRAD: _("✓ the same as what automatic differentiation says: {gradient}"),
  NOT_AS_AUTOGRAD: _("✗ not what automatic differentiation says: {gradient}"),
  SAME_BY_TRYING: _("✓ the same by trying: this weight a little higher and a little lower, in double precision"),
  NOT_BY_TRYING: _("✗ trying it, a little higher and lower, gives another slope: the loss has a kink here, or the "
    + "gradient is tiny"),
  SAMPLE_SUM: _("sample {number}: {sum}"),
  AT_LAST: _("at last × what the weight carries"),
  LOSS_CROSS_ENTROPY: _("The loss itself, at output {unit}: the probability minus what it should be"),
  LOSS_IGNORED: _("Output {unit} stands at a step that does not count"),
  LOSS_MSE: _("The loss itself, at output {unit}: twice the distance from the target"),
  MSE: _("δ = 2 (prediction − target) / {count}"),
  BACK_THROUGH: _("Back through {layer} ({kind}): {rule}"),
  BACK_BY_SLOPE: _("Back through {layer} ({kind}): times the slope of its curve at z = {z}"),
  BACK_BY_WEIGHTS: _("Back through {layer}: each unit behind sends its δ through its weight, and they add up "
    + "(Σ δ · w)"),
  UNIT_SENDS: _("unit {unit}: {delta} × {weight} = {product}"),
  OTHERS_SEND: _n("{count} other: {sum}", "{count} others: {sum}"),
  ARRIVES: _("What arrives through {layers}, by the same rule (not written out here)"),
  ARRIVES_REST: _("What arrives through the rest, by the same rule (not written out here)"),
  FACTORS: { loss: _("from the loss"), arrives: _("what arrives"), carried: _("what it carries") },
  ALL_PATHS: _("Behind the first factor stand all paths through the layers that are not written out."),
  ONE_OF_PATHS: _n("The only path in this sample.", "It follows the strongest sender at each layer: one of {count} "
    + "paths in this sample. All of them, added up, are the δ · a above."),
  CLIPPED: _("g = {gradient}, after the clip {clipped}"),
  REMEMBERS_NOTHING: _("{gradient}. It remembers nothing yet: this is the first step."),
  REMEMBERS: _("{gradient}. It remembers earlier steps."),
  TOO_SMALL: _("w: {before} → {after} (the step is too small to change these digits)"),
});
