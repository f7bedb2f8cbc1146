// The equation card: pointing at a symbol lights up the same quantity in equation and code, and says
// what it is. One symbol of a card can be reached by Tab; the arrow keys go on from there.

function light(card, quantity) {
  for (const mark of card.querySelectorAll(".quantity")) {
    mark.classList.toggle("lit", mark.dataset.quantity === quantity?.dataset.quantity);
  }
  const meaning = card.querySelector(".card-meaning");
  meaning.classList.toggle("says", Boolean(quantity));
  meaning.querySelector(".card-says").textContent = quantity ? quantity.dataset.meaning : "";
}

function move(marks, from, key) {
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const ends = { Home: 0, End: marks.length - 1 };
  const at = marks.indexOf(from);
  const to = key in ends ? ends[key] : at + (steps[key] ?? 0);
  return marks[Math.min(Math.max(to, 0), marks.length - 1)];
}

for (const card of document.querySelectorAll(".card")) {
  const marks = [...card.querySelectorAll(".quantity")];
  let pinned = null; // what a click or a touch has chosen

  marks[0]?.setAttribute("tabindex", "0");

  card.addEventListener("pointerover", (event) => {
    const mark = event.target.closest(".quantity");
    if (event.pointerType === "mouse") light(card, mark ?? pinned);
  });
  card.addEventListener("pointerleave", () => light(card, pinned));
  card.addEventListener("click", (event) => {
    const mark = event.target.closest(".quantity");
    if (!mark) return;
    pinned = pinned?.dataset.quantity === mark.dataset.quantity ? null : mark;
    light(card, pinned);
  });
  card.addEventListener("focusin", (event) => {
    const mark = event.target.closest(".quantity");
    if (!mark) return;
    for (const other of marks) other.setAttribute("tabindex", other === mark ? "0" : "-1");
    light(card, mark);
  });
  card.addEventListener("focusout", () => light(card, pinned));
  card.addEventListener("keydown", (event) => {
    const mark = event.target.closest(".quantity");
    if (!mark) return;
    if (event.key === "Escape") {
      pinned = null;
      light(card, null);
      return;
    }
    const next = move(marks, mark, event.key);
    if (next === mark) return;
    event.preventDefault();
    next.focus();
  });
}
