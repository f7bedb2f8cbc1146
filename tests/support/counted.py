r"""Random lines with indices, and their values, entry by entry in loops."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

SUM, PRODUCT, TERM, TIGHT = range(4)
LETTERS = "ijk"


@dataclass(frozen=True)
class Entry:
    """A part of a line.

    Attributes:
        latex: how it is printed.
        at: its value for the value of each letter.
        letters: the letters that it has, and no sum in it counts.
        level: how tightly it is printed.
    """

    latex: str
    at: Callable[[dict[str, int]], float]
    letters: frozenset[str] = frozenset()
    level: int = TIGHT


class Counter:
    """Makes random lines with indices.

    Attributes:
        values: the arrays of the symbols.
    """

    def __init__(self, random: Any, lengths: list[int]):
        """Begin.

        Args:
            random: what decides, like Python's `random`.
            lengths: how many values each letter has.
        """
        self.random = random
        self.lengths = dict(zip(LETTERS, lengths, strict=True))
        self.values: dict[str, Any] = {}
        self.numbers = np.random.default_rng(random.randrange(1000))
        self.names = iter(["A", "x", r"\alpha", "b", r"\mathbf{W}", "w^{(1)}", "z'", r"\hat{h}"])
        self.plain = iter(["c", r"\lambda", "g"])
        self.used: list[tuple[str, str]] = []

    def any_of(self, *options: Any) -> Any:
        return options[self.random.randrange(len(options))]

    def is_one_in(self, n: int) -> bool:
        return self.random.randrange(n) == 0

    def line(self, depth: int) -> tuple[str, Any]:
        """A line for y, with or without indices on the left, and its value."""
        left = self.any_of("", "i", "ij", "ji", "k")
        node = self.part(left, depth)
        missing = [letter for letter in left if letter not in node.letters]
        for letter in missing:
            entry = self.entry(letter)
            node = self.product(node, entry) if self.is_one_in(2) else self.added(node, entry)
        if not left and not self.values:
            node = self.added(node, self.summed("", 1))
        if not left and r"\sum" not in node.latex:
            node = self.added(node, self.summed("", 1))
        subscript = ""
        if left:
            separator = "," if len(left) > 1 and self.is_one_in(2) else ""
            subscript = f"_{{{separator.join(left)}}}"
        shape = [self.lengths[letter] for letter in left]
        found = np.zeros(shape)
        for place in np.ndindex(*shape):
            found[place] = node.at(dict(zip(left, place, strict=True)))
        return f"y{subscript} = {node.latex}", found

    def part(self, free: str, depth: int) -> Entry:
        """Anything with no other letters than these."""
        if depth == 0:
            return self.entry(free) if free and not self.is_one_in(5) else self.constant()
        a = self.any_of(self.summed, self.summed, self.pair, self.function)(free, depth - 1)
        return a

    def constant(self) -> Entry:
        if self.is_one_in(3) or (name := next(self.plain, None)) is None:
            return Entry("3", lambda env: 3.0, level=TERM)
        self.values[name] = number = float(self.numbers.uniform(0.3, 1.3))
        return Entry(name, lambda env: number)

    def entry(self, free: str) -> Entry:
        """An entry of an array, an old one with the same letters or a new one."""
        count = 1 if len(free) == 1 or self.is_one_in(2) else 2
        letters = self.random.sample(free, count)
        lengths = tuple(self.lengths[letter] for letter in letters)
        fits = [one for one in self.values if np.shape(self.values[one]) == lengths]
        name = self.any_of(*fits) if fits and self.is_one_in(2) else next(self.names, None)
        if name is None:
            if not fits:
                return self.constant()
            name = fits[0]
        if name not in self.values:
            self.values[name] = self.numbers.uniform(0.3, 1.3, lengths)
        array = self.values[name]
        separator = self.any_of(",", ", ", "") if count == 2 else ""
        inside = separator.join(letters)
        subscript = f"_{inside}" if count == 1 and self.is_one_in(2) else f"_{{{inside}}}"
        latex = name + subscript
        return Entry(
            latex, lambda env: array[tuple(env[one] for one in letters)], frozenset(letters)
        )

    def grouped(self, node: Entry, level: int) -> str:
        if node.level >= level and not (self.is_one_in(8)):
            return node.latex
        return self.any_of("({})", r"\left( {} \right)", "[{}]").format(node.latex)

    def summed(self, free: str, depth: int) -> Entry:
        """A sum over a letter that is not in use around it."""
        others = [letter for letter in LETTERS if letter not in free]
        if not others:
            return self.part(free, depth)
        letter = self.any_of(*others)
        term = self.part(free + letter, depth)
        if letter not in term.letters:
            entry = self.entry(letter)
            if letter not in entry.letters:
                return term
            term = self.product(entry, term)
        length = self.lengths[letter]
        kind = self.any_of("sum", "sum", "sum", "prod", "max")
        low = f"_{{{letter}}}" if self.is_one_in(2) else f"_{letter}"
        if kind != "max" and self.is_one_in(2):
            low = self.any_of(
                f"_{{{letter}=0}}^{{{length - 1}}}",
                f"_{{{letter}=1}}^{{{length}}}",
                f"_{{{letter} = 1}}^{length}",
            )
        if kind != "sum" or term.level < TERM:
            inside = f"({term.latex})"
        else:
            inside = self.grouped(term, TERM)
        compute = {"sum": sum, "prod": np.prod, "max": max}[kind]

        def at(env: dict[str, int]) -> float:
            return float(compute([term.at({**env, letter: n}) for n in range(length)]))

        return Entry(rf"\{kind}{low} {inside}", at, term.letters - {letter}, PRODUCT)

    def pair(self, free: str, depth: int) -> Entry:
        a, b = self.part(free, depth), self.part(free, depth)
        return self.any_of(self.added, self.product, self.quotient)(a, b)

    def added(self, a: Entry, b: Entry) -> Entry:
        latex = f"{self.grouped(a, SUM)} + {self.grouped(b, PRODUCT)}"
        if self.is_one_in(3):
            latex = f"{self.grouped(a, SUM)} - {self.grouped(b, PRODUCT)}"
            return Entry(latex, lambda env: a.at(env) - b.at(env), a.letters | b.letters, SUM)
        return Entry(latex, lambda env: a.at(env) + b.at(env), a.letters | b.letters, SUM)

    def product(self, a: Entry, b: Entry) -> Entry:
        sign = self.any_of(" ", r" \cdot ", r" \odot ", " * ")
        last = self.grouped(b, TIGHT)
        first = self.grouped(a, TIGHT)
        if "cdot" not in sign and last[0].isdigit():
            last = f"({last})"
        if first[0].isdigit():
            first = f"({first})"
        level = TERM if sign.strip() in ("", r"\cdot") else PRODUCT
        return Entry(
            first + sign + last, lambda env: a.at(env) * b.at(env), a.letters | b.letters, level
        )

    def quotient(self, a: Entry, b: Entry) -> Entry:
        def at(env: dict[str, int]) -> float:
            return a.at(env) / np.exp(b.at(env) / 50)

        below = rf"\exp(\frac{{{b.latex}}}{{50}})"
        letters = a.letters | b.letters
        if self.is_one_in(2):
            return Entry(rf"\frac{{{a.latex}}}{{{below}}}", at, letters)
        return Entry(f"{self.grouped(a, TERM)} / {below}", at, letters, PRODUCT)

    def function(self, free: str, depth: int) -> Entry:
        a = self.part(free, depth)
        form, compute, level = self.any_of(
            (r"\tanh({})", np.tanh, TIGHT),
            (r"\exp(-({}))", lambda x: np.exp(-x), TIGHT),
            (r"({})^2", np.square, TIGHT),
            (r"\sqrt{{\sigma({})}}", lambda x: (1 + np.exp(-x)) ** -0.5, TIGHT),
            ("1 - ({})", lambda x: 1 - x, SUM),
        )
        return Entry(form.format(a.latex), lambda env: compute(a.at(env)), a.letters, level)
