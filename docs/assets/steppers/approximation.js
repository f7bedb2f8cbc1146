// A shallow network of growing width follows a function.

import { Stepper, brief, sigmoid } from "./stepper.js";

const SHOWN = 10; // up to so many units, what the first ones give is drawn

class Approximation extends Stepper {
  compute({ width, function: name }) {
    const place = width - 1;
    const weights = this.staircase(name, place);
    const units = weights.W_2.length;
    const count = this.data.drawn[name].length;
    const x = Array.from({ length: count }, (_, i) => i / (count - 1));
    const outputs = x.map((at) => shallow(at, weights));
    const firsts = Array.from({ length: units <= SHOWN ? units - 1 : 0 }, (_, i) =>
      x.map((at) => shallow(at, weights, i + 1)),
    );
    const farthest = this.data.widths.map((_, other) => this.farthest(name, other));
    return { name, place, units, x, outputs, firsts, farthest };
  }

  // A hidden unit makes a step in the middle of its piece, as high as the function rises there.
  staircase(name, place) {
    const { widths, steepness, ends } = this.data;
    const width = widths[place];
    const every = (ends[name].length - 1) / width;
    const values = ends[name].filter((_, i) => i % every === 0);
    return {
      W_1: Array(width).fill(steepness * width),
      b_1: Array.from({ length: width }, (_, i) => -steepness * (i + 0.5)),
      W_2: values.slice(1).map((value, i) => value - values[i]),
      b_2: values[0],
    };
  }

  // Where the network of a width is farthest from the function, and how far.
  farthest(name, place) {
    const [x, target] = this.data.farthest[name][place];
    const output = shallow(x, this.staircase(name, place));
    return { x, target, output, error: Math.abs(output - target) };
  }

  draw({ name, place, units, x, outputs, firsts, farthest }) {
    this.show(name);
    const fit = this.plot(`fit-${name}`);
    fit.line("function", x, this.data.drawn[name]);
    fit.line("network", x, outputs);
    const pieces = firsts.map((values) => [x, values]);
    fit.lines("firsts", pieces);
    const worst = farthest[place];
    fit.line("gap", [worst.x, worst.x], [worst.target, worst.output]);
    fit.dot("now", worst.x, worst.output);
    const plot = this.plot("error");
    const line = (as, of) => {
      const errors = this.data.widths.map((_, other) => this.farthest(of, other).error);
      plot.line(as, this.data.widths, errors);
    };
    for (const other of Object.keys(this.data.ends)) line(`of-${other}`, other);
    line("chosen", name);
    plot.dot("now", units, worst.error);
  }

  describe({ name, place, units, farthest }) {
    const size = `${this.label("width", place + 1)}, ${3 * units + 1} weights and biases`;
    const { x, error } = farthest[place];
    const now = `${size}. The network is farthest from ${name} at x = ${brief(x)}, by ${brief(error)}`;
    if (!place) return `${now}.`;
    return `${now}; with ${this.data.widths[place - 1]} it was ${brief(farthest[place - 1].error)}.`;
  }

  label(name, value) {
    const units = this.data.widths[value - 1];
    return `${units} unit${units === 1 ? "" : "s"}`;
  }
}

// W_2 σ(W_1 x + b_1) + b_2, of all units or of the first ones only.
function shallow(x, { W_1, b_1, W_2, b_2 }, units = W_2.length) {
  let y_hat = b_2;
  for (let i = 0; i < units; i++) y_hat += W_2[i] * sigmoid(W_1[i] * x + b_1[i]);
  return y_hat;
}

customElements.define("lecture-approximation", Approximation);
