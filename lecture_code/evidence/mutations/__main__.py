"""The command: try every mutation, and name those that nobody noticed.

Run it with `python -m lecture_code.evidence.mutations`, or with the names of some functions behind
it.
"""

from collections import Counter
from collections.abc import Sequence

import click
import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table

from lecture_code.evidence.measure import functions_with_equations
from lecture_code.evidence.mutations.equivalent import EQUIVALENT
from lecture_code.evidence.mutations.survey import Tally, tally


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("names", nargs=-1, metavar="[FUNCTION]...")
def main(names: tuple[str, ...]) -> None:
    """Change the lecture's functions and equations, one place at a time, and see who notices.

    Each mutation is checked as the tests check a function: code against its judges and its text,
    text against its code. Exit code 1 if one was not noticed.
    """
    known = {function.__name__: function for function in functions_with_equations()}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise click.BadParameter(
            f"expected functions with an equation, got {', '.join(unknown)}; there are "
            f"{', '.join(known)}",
            param_hint="FUNCTION",
        )
    torch.set_num_threads(1)
    console = Console()
    chosen = [known[name] for name in names or known]
    bar = track(chosen, "Changing functions and equations", console=console, transient=True)
    tallies = [tally(function) for function in bar]
    console.print(_by_function(tallies), _by_kind(tallies))
    _print_equivalent(console, {one.function for one in tallies})
    survivors = [name for one in tallies for name in one.survivors]
    for name in survivors:
        console.print(f"NOT NOTICED: {name}", style="bold red", markup=False, soft_wrap=True)
    total = sum(one.total("code") + one.total("text") for one in tallies)
    equivalent = sum(one.equivalent for one in tallies)
    noticed = sum(one.noticed for one in tallies)
    console.print(
        f"{total} mutations: {noticed} noticed, {equivalent} equivalent, "
        f"{len(survivors)} not noticed"
    )
    raise SystemExit(1 if survivors else 0)


def _by_function(tallies: Sequence[Tally]) -> Table:
    table = Table("function", title="By function")
    head = ("code", "text", "by value", "by error", "equivalent", "not noticed")
    for name in head:
        table.add_column(name, justify="right")
    for one in tallies:
        numbers = (one.total("code"), one.total("text"), one.by_value, one.by_error)
        row = (*numbers, one.equivalent, len(one.survivors))
        table.add_row(one.function, *map(str, row))
    return table


def _by_kind(tallies: Sequence[Tally]) -> Table:
    kinds = sum((one.kinds for one in tallies), Counter())
    table = Table("kind", title="By kind")
    table.add_column("code", justify="right")
    table.add_column("text", justify="right")
    for kind in dict.fromkeys(kind for _, kind in kinds):
        table.add_row(kind, str(kinds["code", kind]), str(kinds["text", kind]))
    return table


def _print_equivalent(console: Console, functions: set[str]) -> None:
    entries = [entry for entry in EQUIVALENT if entry.function in functions]
    if entries:
        console.print("Equivalent, by proof:")
    for entry in entries:
        words = f"  {entry.function}, {entry.of}, {entry.kind}: {entry.detail}\n    {entry.proof}"
        console.print(words, markup=False, highlight=False)


if __name__ == "__main__":
    main()
