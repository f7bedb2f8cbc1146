// A bit fades, or stays: what each cell holds of a 1, step by step, without input.

import { Stepper, format } from "./stepper.js";

const NAMES = { rnn: "RNN", gru: "GRU", lstm: "LSTM", literal: "LSTM to the letter" };

class Memory extends Stepper {
  compute(settings) {
    const { weight } = settings;
    const gate = this.data.gates[settings.gate];
    // The candidate reads the silent input alone.
    const candidate = Math.tanh(0);
    const left = {
      rnn: this.run((h) => Math.tanh(weight * h)),
      gru: this.run((h) => gate * h + (1 - gate) * candidate),
      lstm: this.run((c) => gate * c + candidate),
      literal: this.run((c) => Math.tanh(gate * c + candidate)),
    };
    const half = Object.entries(left).map(([name, values]) => [name, halfLife(values)]);
    return { left, half: Object.fromEntries(half) };
  }

  run(step) {
    let state = 1;
    return Array.from({ length: this.data.steps }, () => (state = step(state)));
  }

  label(name, value) {
    return `${name === "gate" ? this.data.gates[value] : value}`;
  }

  draw({ left, half }) {
    const plot = this.plot("memory");
    const times = Array.from({ length: this.data.steps }, (_, t) => t + 1);
    plot.line("half", [1, this.data.steps], [0.5, 0.5]);
    for (const [name, values] of Object.entries(left)) {
      plot.line(name, times, values);
      const step = half[name] ?? 1;
      plot.dot(name, step, values[step - 1]);
      const dot = this.querySelector(`[data-dot="${name}"]`);
      dot.style.visibility = half[name] ? "visible" : "hidden";
    }
  }

  describe({ left, half }) {
    const cells = Object.keys(NAMES);
    const fades = cells.filter((name) => half[name]).map((name) => `${NAMES[name]} ${half[name]}`);
    const stays = cells.filter((name) => !half[name]).map((name) => NAMES[name]);
    const never = stays.length ? ` Never within ${this.data.steps}: ${stays.join(", ")}.` : "";
    const settles = half.rnn ? "" : ` The RNN settles at ${format(left.rnn.at(-1), 3)}.`;
    return `Steps until half is left: ${fades.join(", ")}.${never}${settles}`;
  }
}

// After how many steps at most half is left; null if more is left after all of them.
function halfLife(values) {
  const place = values.findIndex((value) => value <= 0.5);
  return place < 0 ? null : place + 1;
}

customElements.define("lecture-memory", Memory);
