// How far memory and gradient reach: measured while the page was built, chosen here.

import { Stepper } from "./stepper.js";

class Reach extends Stepper {
  compute({ cell, place }) {
    const { forward, backward } = this.data.curves[cell][place];
    const largest = this.data.largest[place];
    const steps = forward.map((_, index) => 2 * index);
    return { largest, steps, forward, backward, power: steps.map((step) => largest ** step) };
  }

  label(name, value) {
    return name === "place" ? `${this.data.largest[value]}` : value;
  }

  draw({ steps, ...lines }) {
    const plot = this.plot("reach");
    plot.line("one", [0, steps.at(-1)], [1, 1]);
    for (const name of ["forward", "backward", "power"]) {
      plot.line(name, steps, lines[name].map((value) => Math.max(value, 1e-30)));
    }
  }

  describe({ largest, steps, forward, backward }) {
    return (
      `${this.data.titles[this.settings.cell]}, s = ${largest}: after ${steps.at(-1)} steps ` +
      `${words(forward.at(-1))} of the difference is left in the state, ` +
      `and ${words(backward.at(-1))} of the gradient comes back.`
    );
  }
}

// A number with two digits: 0.35 times, or 2.1e-8.
function words(value) {
  return value >= 0.01 && value < 1000 ? `${Number(value.toPrecision(2))}` : value.toExponential(1);
}

customElements.define("lecture-reach", Reach);
