// The same converter for the LSTM: a page has each element's name once.

import { Rosetta } from "./rosetta.js";

customElements.define("lecture-rosetta-lstm", class extends Rosetta {});
