// The theme, mended where its templates leave no place for it.

// What can be scrolled sideways can be reached by Tab, and is then scrolled by the arrow keys.
const scrolled = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

function mend(node) {
  if (!(node instanceof Element)) return;
  if (node.matches("pre > code, .md-typeset__scrollwrap")) scrolled.observe(node);
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
