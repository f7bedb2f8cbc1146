// A gate: what its entries let pass of X. The large slider moves all entries, the small ones one each.

import { Stepper, format } from "./stepper.js";

class Gate extends Stepper {
  connectedCallback() {
    super.connectedCallback();
    const all = this.control("all");
    this.entries = this.controls.filter((control) => control !== all);
    // The event comes here before it comes to the stepper, which then computes.
    all.addEventListener("input", () => {
      for (const entry of this.entries) entry.value = all.value;
    });
  }

  compute(settings) {
    const { X } = this.data;
    const gate = X.map((row, i) => row.map((_, j) => settings[`gate-${i}-${j}`]));
    const Y = X.map((row, i) => row.map((value, j) => value * gate[i][j]));
    return { gate, Y };
  }

  label(name, value) {
    const [first, ...others] = this.values.gate.flat();
    if (name !== "all") return `${value}`;
    return others.every((entry) => entry === first) ? `${first}` : "mixed";
  }

  draw({ gate, Y }) {
    const opening = gate.flat();
    this.cells("Γ").forEach((cell, place) => cell.style.setProperty("--size", opening[place]));
    this.write("Y", Y);
    this.cells("Y").forEach((cell, place) => (cell.textContent = short(Y.flat()[place])));
    if (opening.every((entry) => entry === opening[0])) this.control("all").value = opening[0];
  }

  describe({ gate, Y }) {
    const opening = gate.flat();
    const [low, high] = [Math.min(...opening), Math.max(...opening)];
    const [passes, of] = [Y, this.data.X].map(size);
    const share = `${short(passes)} of ${short(of)} pass: ${format((100 * passes) / of, 0)} %`;
    const zeros = Y.flat().filter((value) => Object.is(value, -0)).length;
    const signed = ["", " One zero is −0: −1 × 0 keeps its sign."];
    const note = signed[zeros] ?? ` ${zeros} of the zeros are −0: −1 × 0 keeps its sign.`;
    if (high === 0) return `Closed: nothing passes.${note}`;
    if (low === 1) return "Open: everything passes, and Y is X.";
    if (low === high) return `Y is ${low} times X. In absolute values, ${share}.`;
    const where = note || " Where X is 0, the gate changes nothing.";
    return `Every entry has its own gate. In absolute values, ${share}.${where}`;
  }
}

function size(rows) {
  return rows.flat().reduce((total, value) => total + Math.abs(value), 0);
}

// One digit at most, and −0 where floating point has it.
function short(value) {
  return Object.is(value, -0) ? "−0" : format(value, 1).replace(".0", "");
}

customElements.define("lecture-gate", Gate);
