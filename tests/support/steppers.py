"""What the tests of the steppers share: where each one stands, and how to set it and read it."""

import json

STEPPERS = {
    "approximation": "lecture/universal_approximation",
    "cell": "lecture/gru",
    "convolution": "lecture/convolution",
    "gate": "lecture/gates",
    "memory": "lecture/comparison",
    "optimizer": "lecture/optimizer",
    "reach": "lecture/learning",
    "rosetta": "rosetta",
    "rosetta-lstm": "rosetta",
    "rosetta-rnn": "rosetta",
    "windows": "lecture/windowing",
}
"""The page of each stepper, by the name of its element after `lecture-`."""


class Live:
    """A stepper on an open page."""

    def __init__(self, page, name):
        self.element = page.locator(f"lecture-{name}")
        self.element.scroll_into_view_if_needed()
        page.wait_for_function("name => customElements.get(name)", arg=f"lecture-{name}")

    def set(self, **settings):
        """Move controls as a reader would, and return the numbers that the script computed."""
        for name, value in settings.items():
            self.element.locator(f"[name='{name}']").first.evaluate(
                """(control, value) => {
                    if (control.type === "checkbox") control.checked = value;
                    else control.value = value;
                    control.dispatchEvent(new Event("input", { bubbles: true }));
                }""",
                value,
            )
        return self.values()

    def values(self):
        """The numbers of the position, each with all of its digits."""
        return json.loads(self.element.evaluate("element => JSON.stringify(element.values)"))

    def state(self):
        """What is computed and what is said, to tell two positions apart."""
        said = self.element.locator("[role=status]").inner_text()
        return json.dumps(self.values(), sort_keys=True), said
