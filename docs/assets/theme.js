// The theme, mended where its templates leave no place for it.

// What can be scrolled sideways can be reached by Tab, and is then scrolled by the arrow keys. On which
// sides there is more of it, the style sheet shows.
const SCROLLED =
  "pre > code, .md-typeset__scrollwrap:not(.table-scroll *), .equation, .table-scroll, " +
  ".matrix-row, .stepper-stage, .cell-time, .cell-sheet, .card-picture";

function more({ scrollLeft, scrollWidth, clientWidth }) {
  const after = scrollWidth - clientWidth - scrollLeft;
  return [scrollLeft > 1 && "before", after > 1 && "after"].filter(Boolean).join(" ");
}

// First all is measured, then written: one layout for all of them.
function show(boxes) {
  const sides = boxes.map(more);
  boxes.forEach((box, place) => {
    if (sides[place]) {
      box.dataset.more = sides[place];
      box.tabIndex = 0;
    } else if (box.dataset.more) {
      delete box.dataset.more;
      box.removeAttribute("tabindex");
    }
  });
}

const scrolled = new ResizeObserver((entries) => show(entries.map(({ target }) => target)));
addEventListener(
  "scroll",
  ({ target }) => target instanceof Element && target.matches(SCROLLED) && show([target]),
  { capture: true, passive: true },
);

function mend(node) {
  if (!(node instanceof Element)) return;
  if (node.matches(SCROLLED)) scrolled.observe(node);
  // The copy button's frame is no landmark.
  if (node.matches(".md-code__nav")) node.setAttribute("role", "none");
}

const content = document.querySelector(".md-content");
content.querySelectorAll("*").forEach(mend);
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) addedNodes.forEach(mend);
}).observe(content, { childList: true, subtree: true });

// On a narrow screen a label opens the navigation, and no key reaches a label: a button takes its place.
const drawer = document.getElementById("__drawer");
const label = document.querySelector(".md-header [for=__drawer]");
const button = document.createElement("button");
button.type = "button";
button.className = label.className;
button.setAttribute("aria-label", "Navigation");
button.setAttribute("aria-expanded", "false");
button.append(...label.childNodes);
label.replaceWith(button);
button.addEventListener("click", () => drawer.click());
drawer.addEventListener("change", () => {
  button.setAttribute("aria-expanded", String(drawer.checked));
  (drawer.checked ? document.querySelector(".md-nav--primary a") : button).focus();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drawer.checked) drawer.click();
});
