// Weights of one convention as another has them: the build has converted every pair, this shows one.

import { Stepper, format } from "./stepper.js";

export class Rosetta extends Stepper {
  compute({ source, target }) {
    const { weights, pairs } = this.data;
    return { source, target, from: weights[source], ...pairs[source][target] };
  }

  draw({ from, to }) {
    this.fill("from", from);
    this.fill("to", to ?? {});
  }

  describe({ source, target, refused, note }) {
    const { titles } = this.data;
    if (refused) return `Refused: ${refused}`;
    if (source === target) return `Both are ${titles[source]}: nothing changes.`;
    return `From ${titles[source]} to ${titles[target]}. ${note}`;
  }

  // One table for each array, under its owner's name for it.
  fill(name, arrays) {
    const place = this.querySelector(`[data-arrays="${name}"]`);
    place.replaceChildren(...Object.entries(arrays).map(([array, rows]) => table(array, rows)));
  }
}

function table(name, { shape, rows }) {
  const made = document.createElement("table");
  made.className = "rosetta-array";
  const caption = made.createCaption();
  const code = document.createElement("code");
  code.textContent = name;
  caption.append(code, ` (${shape.join(", ")})`);
  for (const row of rows) {
    const line = made.insertRow();
    for (const value of row) line.insertCell().textContent = format(value, 1);
  }
  return made;
}

customElements.define("lecture-rosetta", Rosetta);
