// The window slides over the image: products, their sum, and an output that fills.

import { Stepper, format } from "./stepper.js";

class Convolution extends Stepper {
  compute({ step, kernel }) {
    const products = this.data.products[kernel][step - 1];
    const sum = products.flat().reduce((total, product) => total + product, 0);
    const seen = (i, j) => this.data.places.findIndex(([a, b]) => a === i && b === j) < step;
    const output = this.data.outputs[kernel].map((row, i) =>
      row.map((value, j) => (seen(i, j) ? value : null)),
    );
    const place = this.data.places[step - 1];
    return { place, w: this.data.kernels[kernel], products, sum, output };
  }

  draw({ place, w, products, output }) {
    this.write("w", w);
    this.write("products", products);
    this.write("Y", output);
    const [i, j] = place;
    const within = (at, from, length) => at >= from && at < from + length;
    this.mark("X", (row, column) => within(row, i, w.length) && within(column, j, w[0].length));
    this.mark("Y", (row, column) => row === i && column === j);
  }

  describe({ place: [i, j], products, sum }) {
    const terms = products.flat().filter((product) => product !== 0);
    const written = terms.map((term) => format(term, 0)).join(" + ") || "0";
    const total = terms.length > 1 ? `${written} = ${format(sum, 0)}` : written;
    return (
      `Row ${i}, column ${j}: nine products, of which ${terms.length} ` +
      `${terms.length === 1 ? "is" : "are"} not zero. Their sum is the output there: ${total}.`
    );
  }
}

customElements.define("lecture-convolution", Convolution);
