// What all steppers share. A stepper computes numbers from where its controls stand, and draws them:
//
//   class Gate extends Stepper {
//     compute({ value }) { ... return { Y } }   // numbers only; also found in `element.values`
//     draw({ Y }) { this.write("Y", Y, { digits: 2 }) }
//     describe({ Y }) { return "..." }          // the sentence below, which screen readers speak
//   }
//   customElements.define("lecture-gate", Gate);
//
// Python has written the HTML: controls with names, tables with `data-name`, plots with `data-line`.

const PAUSE = 900; // milliseconds between two steps that play
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

export class Stepper extends HTMLElement {
  connectedCallback() {
    this.data = JSON.parse(this.querySelector("script").textContent);
    this.says = this.querySelector(".stepper-says");
    this.controls = [...this.querySelectorAll("input[name], select[name]")];
    this.addEventListener("input", () => {
      this.pause();
      this.update();
    });
    for (const button of this.querySelectorAll("[data-back]")) {
      button.addEventListener("click", () => this.go(button.dataset.back, -1));
    }
    for (const button of this.querySelectorAll("[data-next]")) {
      button.addEventListener("click", () => this.go(button.dataset.next, 1));
    }
    this.player = this.querySelector("[data-play]");
    this.player?.addEventListener("click", () => (this.playing ? this.pause() : this.play()));
    STILL.addEventListener("change", () => this.pause());
    this.update();
  }

  disconnectedCallback() {
    this.pause();
  }

  control(name) {
    return this.controls.find((control) => control.name === name);
  }

  get settings() {
    const value = (control) => {
      if (control.type === "checkbox") return control.checked;
      return control.type === "range" ? Number(control.value) : control.value;
    };
    return Object.fromEntries(this.controls.map((control) => [control.name, value(control)]));
  }

  update() {
    this.values = this.compute(this.settings);
    for (const control of this.controls) {
      const shown = control.nextElementSibling;
      if (control.type !== "range" || shown?.tagName !== "OUTPUT") continue;
      shown.textContent = this.label(control.name, Number(control.value));
      control.setAttribute("aria-valuetext", shown.textContent);
    }
    this.draw(this.values);
    this.says.textContent = this.describe(this.values);
  }

  // What stands beside a slider.
  label(name, value) {
    const control = this.control(name);
    return control.closest(".stepper-steps") ? `${value} of ${control.max}` : `${value}`;
  }

  go(name, by) {
    this.pause();
    this.move(name, by);
  }

  move(name, by) {
    const control = this.control(name);
    control.value = Number(control.value) + by;
    this.update();
  }

  play() {
    const control = this.control(this.player.dataset.play);
    if (STILL.matches) return;
    if (control.value === control.max) control.value = control.min;
    this.update();
    this.playing = setInterval(() => {
      this.move(control.name, 1);
      if (control.value === control.max) this.pause();
    }, PAUSE);
    this.showPlayer("Pause", "❚❚");
  }

  pause() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = undefined;
    this.showPlayer("Play", "▶");
  }

  showPlayer(says, sign) {
    this.player.setAttribute("aria-label", says);
    this.player.textContent = sign;
  }

  // Fill every table of a name with numbers; null leaves a place empty.
  write(name, rows, { digits = 0, largest = 1 } = {}) {
    this.cells(name).forEach((cell, place) => {
      const width = rows[0].length;
      paint(cell, rows[Math.floor(place / width) % rows.length][place % width], digits, largest);
    });
  }

  // Put a frame around the entries of a table for which a condition holds.
  mark(name, isMarked) {
    this.querySelectorAll(`table[data-name="${name}"] tbody tr`).forEach((row, i) => {
      row.querySelectorAll("td").forEach((cell, j) => cell.classList.toggle("lit", isMarked(i, j)));
    });
  }

  cells(name) {
    return [...this.querySelectorAll(`table[data-name="${name}"] tbody td`)];
  }

  // Of the parts that stand in one place in turn, show one.
  show(name) {
    for (const part of this.querySelectorAll("[data-turn]")) {
      part.hidden = part.dataset.turn !== name;
    }
  }

  plot(name) {
    return new Plot(this.querySelector(`svg[data-plot="${name}"]`));
  }
}

export function format(value, digits) {
  const rounded = Number(value.toFixed(digits)) + 0; // + 0 turns -0 into 0
  return rounded.toFixed(digits).replace("-", "−");
}

// Three digits, of a number of any size.
export function brief(value) {
  const size = Math.abs(value);
  if (size === 0 || (size >= 999.5 && size < 1e5)) return format(value, 0);
  const text = size >= 1e-4 && size < 1e5 ? value.toPrecision(3) : value.toExponential(2);
  return text.replace("+", "").replaceAll("-", "−");
}

// Where exp(-v) is too large for a number, the quotient is 0, as it should be.
export function sigmoid(v) {
  return 1 / (1 + Math.exp(-v));
}

function paint(cell, value, digits, largest) {
  const empty = value === null;
  cell.textContent = empty ? "" : format(value, digits);
  cell.className = value < 0 ? "negative" : "positive";
  cell.style.setProperty("--size", empty ? 0 : Math.min(1, Math.abs(value) / largest).toFixed(2));
}

// A plot whose axes Python has drawn: it says where its numbers lie in the picture.
class Plot {
  constructor(svg) {
    this.svg = svg;
    this.axes = JSON.parse(svg.dataset.axes);
  }

  place(axis, value) {
    const { pixels, limits, log } = this.axes[axis];
    const [low, high, at] = log ? [...limits, value].map(Math.log) : [...limits, value];
    return pixels[0] + ((at - low) / (high - low)) * (pixels[1] - pixels[0]);
  }

  line(name, xs, ys) {
    this.lines(name, [[xs, ys]]);
  }

  // Several pieces as one curve.
  lines(name, pieces) {
    const path = pieces.flatMap(([xs, ys]) =>
      xs.map((x, i) => `${i ? "L" : "M"}${this.pixel("x", x)} ${this.pixel("y", ys[i])}`),
    );
    this.svg.querySelector(`[data-line="${name}"]`).setAttribute("d", path.join(""));
  }

  // Points of one curve: lines of no length, whose ends are round.
  points(name, xs, ys) {
    const pieces = xs.map((x, i) => [Array(2).fill(x), Array(2).fill(ys[i])]);
    this.lines(name, pieces);
  }

  dot(name, x, y) {
    const mark = this.svg.querySelector(`[data-dot="${name}"]`);
    mark.setAttribute("cx", this.pixel("x", x));
    mark.setAttribute("cy", this.pixel("y", y));
    mark.style.visibility = this.shows(x, y) ? "visible" : "hidden";
  }

  // A drawing has no infinity: far beyond the picture is far enough.
  pixel(axis, value) {
    return Math.min(1e6, Math.max(-1e6, this.place(axis, value))).toFixed(2);
  }

  // Whether a point lies in the picture.
  shows(x, y) {
    const within = (value, [low, high]) => value >= low && value <= high;
    return within(x, this.axes.x.limits) && within(y, this.axes.y.limits);
  }
}
