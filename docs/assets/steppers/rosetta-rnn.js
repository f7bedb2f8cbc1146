// The same converter for the RNN: a page has each element's name once.

import { Rosetta } from "./rosetta.js";

customElements.define("lecture-rosetta-rnn", class extends Rosetta {});
