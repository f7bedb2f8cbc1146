// One weight goes down its loss, or up: the learning rate says how far, the sign which way.

import { Stepper, brief, sigmoid } from "./stepper.js";

const NEURONS = {
  logistic: { activation: sigmoid, derivative: (y_hat) => y_hat * (1 - y_hat) },
  linear: { activation: (v) => v, derivative: () => 1 },
};
const PLACES = 201; // points of the drawn curve
const TANGENT = 44; // half the length of the drawn slope, in units of the picture

class Optimizer extends Stepper {
  compute({ step, rate, sign, start }) {
    const eta = (sign === "minus" ? -1 : 1) * this.data.rates[rate];
    const [neuron, from] = start.split(" ");
    const { b, limits } = this.data.neurons[neuron];
    const at = (w) => this.look(neuron, w, b);
    const path = [at(Number(from))];
    while (path.length <= step) {
      const { w, slope } = path.at(-1);
      path.push(at(w + eta * slope));
    }
    const next = path.pop();
    const [low, high] = limits;
    const ws = Array.from({ length: PLACES }, (_, i) => low + ((high - low) * i) / (PLACES - 1));
    return { neuron, path, next, curve: { w: ws, z: ws.map((w) => at(w).z) } };
  }

  // Prediction, loss and gradient at a weight.
  look(neuron, w, b) {
    const { x, y } = this.data;
    const { activation, derivative } = NEURONS[neuron];
    const y_hat = activation(w * x + b);
    const z = (y - y_hat) ** 2;
    const slope = -2 * (y - y_hat) * derivative(y_hat) * x;
    return { w, y_hat, z, slope };
  }

  draw({ neuron, path, curve }) {
    this.show(neuron);
    const valley = this.plot(`${neuron}-valley`);
    valley.line("loss", curve.w, curve.z);
    const [ws, zs] = [path.map(({ w }) => w), path.map(({ z }) => z)];
    this.trail(valley, ws, zs);
    this.trail(this.plot("course"), [...path.keys()], zs);
    const { w, z, slope } = path.at(-1);
    const scale = (axis) => valley.place(axis, 1) - valley.place(axis, 0);
    const reach = TANGENT / Math.hypot(scale("x"), slope * scale("y"));
    valley.line("slope", [w - reach, w + reach], [z - reach * slope, z + reach * slope]);
  }

  // The points, and lines between them where at least one end is in the picture.
  trail(plot, xs, ys) {
    const shown = (i) => plot.shows(xs[i], ys[i]);
    const ends = [...xs.keys()].slice(1).filter((i) => shown(i - 1) || shown(i));
    plot.lines(
      "path",
      ends.map((i) => [xs.slice(i - 1, i + 1), ys.slice(i - 1, i + 1)]),
    );
    plot.points("visited", xs, ys);
    plot.dot("now", xs.at(-1), ys.at(-1));
  }

  describe({ neuron, path, next }) {
    const { w, z, slope } = path.at(-1);
    const [low, high] = this.data.neurons[neuron].limits;
    const place =
      w < low || w > high
        ? `off the picture, w = ${brief(w)}, z = ${brief(z)}`
        : `w = ${brief(w)}, z = ${brief(z)}, slope ${brief(slope)}`;
    return `Step ${path.length - 1}: ${place}. ${outlook(path.at(-1), next, this.data.x)}`;
  }

  label(name, value) {
    if (name === "rate") return `${Number(this.data.rates[value].toPrecision(3))}`;
    return `${value - 1} of ${this.control(name).max - 1}`;
  }
}

// What the next step does.
function outlook({ w, z, slope }, next, x) {
  if (Math.sqrt(z) < 1e-4) return "This is the floor of the valley: w stays.";
  const by = `${next.w > w ? "+" : ""}${brief(next.w - w)}`;
  // A linear neuron has the slope 2 |x| √z; next to none of it is left on a plain.
  if (Math.abs(slope) < 0.02 * Math.abs(x) * Math.sqrt(z)) {
    return `A plain, with next to no slope: the next step moves w by ${by} only.`;
  }
  const way = slope * next.slope < 0 ? "over the valley" : next.z < z ? "downhill" : "uphill";
  const change = next.z < z ? "falls to" : "rises to";
  const loss = Math.abs(next.z / z - 1) < 1e-9 ? "stays at" : change;
  return `The next step moves w by ${by}: ${way}, and z ${loss} ${brief(next.z)}.`;
}

customElements.define("lecture-optimizer", Optimizer);
