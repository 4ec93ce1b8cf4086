// Inside a layer: chooses the arithmetic by its form.
const version = new URL(import.meta.url).search;
const { element } = await import("../shared/dom.js" + version);
const { Query } = await import("./query.js" + version);
const { Activation } = await import("./activation.js" + version);
const { Sliding } = await import("./sliding.js" + version);
const { Linear, Norm, Softmax } = await import("./sums.js" + version);

const FORMS = { sliding: Sliding, curve: Activation, softmax: Softmax, norm: Norm, linear: Linear,
  attention: Query };

export class Layer {
  constructor() {
    this.root = element("section", "motion layer");
  }

  update(data) {
    const key = `${data.form} ${data.layer}`;
    if (this.key !== key) {
      this.part?.destroy?.();
      this.part = new FORMS[data.form]();
      this.root.replaceChildren(this.part.root);
      this.key = key;
    }
    this.part.update(data);
  }

  destroy() {
    this.part?.destroy?.();
  }
}
