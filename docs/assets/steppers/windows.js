// A window and its horizon travel over a series, which is scaled by what is known, or by everything.

import { Stepper, format } from "./stepper.js";

class Windows extends Stepper {
  compute({ window, horizon, share, position, leak }) {
    const { values } = this.data;
    const known = Math.round((values.length * share) / 100);
    const used = leak ? values.length : known;
    const place = this.pair(position, known, window + horizon);
    const own = moments(values.slice(0, known));
    const scaling = moments(values.slice(0, used));
    const both = values.slice(place.start, place.start + window + horizon);
    const scaled = scale(both, scaling);
    return {
      ...place,
      known,
      used,
      own,
      scaling,
      inputs: scaled.slice(0, window),
      targets: scaled.slice(window),
      honest: scale(both, own),
      change: this.change(known, used, horizon),
    };
  }

  // The pair at a position. Pairs are cut from each part on its own; training comes first.
  pair(position, known, length) {
    const { values, positions } = this.data;
    const pairs = { training: known - length + 1, test: values.length - known - length + 1 };
    const last = pairs.training + pairs.test - 1;
    const number = Math.round(((position - 1) * last) / (positions - 1));
    return number < pairs.training
      ? { part: "training", pairs, number, start: number }
      : { part: "test", pairs, number: number - pairs.training, start: number + length - 1 };
  }

  // How far a training input would move at most, were the future higher.
  change(known, used, horizon) {
    const { values, raised } = this.data;
    const higher = values.map((value, t) => (t < known ? value : value + raised));
    const inputs = values.slice(0, known - horizon);
    const [before, after] = [values, higher].map((series) =>
      scale(inputs, moments(series.slice(0, used))),
    );
    return Math.max(...before.map((value, t) => Math.abs(after[t] - value)));
  }

  label(name, value) {
    if (name === "position") return super.label(name, value);
    return `${value} ${name === "share" ? "%" : this.data.step}`;
  }

  draw(found) {
    this.drawSeries(found);
    this.drawPair(found);
  }

  drawSeries({ start, known, used, scaling: { mean, deviation }, inputs, targets }) {
    const { values, times } = this.data;
    const plot = this.plot("series");
    const [first, last] = times;
    const time = (t) => first + ((last - first) * t) / (values.length - 1);
    const line = (name, from, to) => {
      const places = values.slice(from, to).map((_, t) => time(from + t));
      plot.line(name, places, values.slice(from, to));
    };
    const now = start + inputs.length;
    line("training", 0, known);
    line("test", known, values.length);
    line("window", start, now);
    line("horizon", now, now + targets.length);
    const ends = [time(0), time(used - 1)];
    const [low, high] = [mean - deviation, mean + deviation];
    plot.line("band", [...ends, ...ends.toReversed()], [low, low, high, high]);
    plot.line("mean", [first, last], [mean, mean]);
    plot.line("split", [time(known - 0.5), time(known - 0.5)], plot.axes.y.limits);
  }

  drawPair({ inputs, targets, honest }) {
    const plot = this.plot("pair");
    const from = (first, array) => array.map((_, i) => first + i);
    const begin = 1 - inputs.length;
    plot.line("honest", from(begin, honest), honest);
    plot.line("window", from(begin, inputs), inputs);
    plot.line("horizon", from(1, targets), targets);
    plot.line("mean", plot.axes.x.limits, [0, 0]);
    plot.line("split", [0.5, 0.5], plot.axes.y.limits);
  }

  describe({ part, number, pairs, own, scaling, change }) {
    const { unit, raised } = this.data;
    const [mean, deviation] = [scaling.mean, scaling.deviation].map((value) => format(value, 2));
    const off = ["mean", "deviation"].map((name) => scaling[name] - own[name]);
    const distance = off.some(Boolean)
      ? `off by ${off.map((value) => format(value, 2)).join(" and ")}`
      : "the training part's own";
    const other = part === "training" ? "test" : "training";
    return (
      `Pair ${number + 1} of ${pairs[part]} for ${part} (for ${other}: ${pairs[other]}). ` +
      `Mean ${mean} ${unit}, deviation ${deviation}: ${distance}. ` +
      `A future ${raised} ${unit} higher would move ` +
      `${change ? `training inputs by up to ${format(change, 2)}` : "no training input"}.`
    );
  }
}

// Sums around the first value, so that large values cost no digits.
function moments(values) {
  const average = (array) => array.reduce((sum, value) => sum + value, 0) / array.length;
  const mean = values[0] + average(values.map((value) => value - values[0]));
  return { mean, deviation: Math.sqrt(average(values.map((value) => (value - mean) ** 2))) };
}

function scale(values, { mean, deviation }) {
  return values.map((value) => (value - mean) / deviation);
}

customElements.define("lecture-windows", Windows);
