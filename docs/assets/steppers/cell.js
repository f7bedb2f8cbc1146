// The unrolled cell: Python has computed every quantity of every time step; a step is chosen here.

import { Stepper, format } from "./stepper.js";

class Cell extends Stepper {
  compute({ step }) {
    return this.data.steps[step - 1];
  }

  draw(values) {
    const { largest, digits } = this.data;
    for (const [name, value] of Object.entries(values)) {
      // LaTeX has backslashes, and so have the escapes of a selector.
      const rows = value.map((entry) => [entry].flat());
      this.write(name.replaceAll("\\", "\\\\"), rows, { digits, largest: largest[name] });
    }
    const at = this.settings.step - 1;
    this.mark("time", (row, column) => column === at);
    this.querySelectorAll('[data-name="time"] thead th + th').forEach((head, time) => {
      head.classList.toggle("lit", time === at);
    });
  }

  describe(values) {
    const tuple = (name) => {
      const entries = values[name].map((entry) => format(entry, 2));
      return entries.length > 1 ? `(${entries.join(", ")})` : entries[0];
    };
    const changes = this.data.states.map(
      ({ letter, before, after }) => `${letter} goes from ${tuple(before)} to ${tuple(after)}`,
    );
    return `Time step ${this.settings.step}: the input is ${tuple("X_t")}; ${changes.join(", ")}.`;
  }
}

customElements.define("lecture-cell", Cell);
