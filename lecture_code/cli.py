"""The command line: `lecture-code check` and `lecture-code trace`."""

import json
import sys

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lecture_code.checker import CheckResult, check_file
from lecture_code.checker.check import SECONDS, SEED
from lecture_code.checker.mistakes import CHECKED
from lecture_code.course.cells import CELLS
from lecture_code.worksheets import sheet, worksheet


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lecture-code")
def main() -> None:
    """Check a cell of your own against the lecture's, and print worksheets."""
    # Into a file, Windows would write in an encoding that has no mathematics.
    if not sys.stdout.isatty() and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")


@main.command()
@click.argument("step", metavar="FILE.py:FUNCTION")
@click.option(
    "--as", "cell", type=click.Choice(list(CHECKED)), required=True, help="Which cell it should be."
)
@click.option("--seed", default=SEED, show_default=True, help="Draws the numbers it is tried on.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=SECONDS,
    show_default=True,
    help="How long its calls may take, after its imports.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the finding as JSON.")
def check(step: str, cell: str, seed: int, seconds: float, as_json: bool) -> None:
    """Compare a step function of your own with the lecture's.

    FUNCTION takes (x, h, weights), an LSTM's (x, (h, c), weights) or (x, h, c, weights), and
    returns the new state, h or (h, c). Arrays are numpy's or torch's, with features on the last
    axis; weights are named as in the lecture, such as weights.W_u. They may also come one by one:
    (x, h, W_u, b_u, ...).

    Where it differs, the finding says which cell was written. Exit status: 0 right, 1 differs,
    2 cannot be run.
    """
    file, colon, function = step.rpartition(":")
    if not (colon and file and function.isidentifier()):
        raise click.BadParameter(
            f"expected a file and a function in it, such as my_cells.py:my_gru, got {step!r}",
            param_hint="FILE.py:FUNCTION",
        )
    if seed < 0:
        raise click.BadParameter(f"expected a number from 0 on, got {seed}", param_hint="--seed")
    result = check_file(file, function, cell, seed=seed, seconds=seconds)
    if as_json:
        click.echo(json.dumps(result.as_dict(), ensure_ascii=False, indent=2))
    else:
        _show(result)
    sys.exit(result.exit_code)


def _show(result: CheckResult) -> None:
    # What is piped keeps its lines whole, for whoever searches in them.
    width = None if sys.stdout.isatty() else 1000
    console = Console(highlight=False, soft_wrap=True, width=width)
    colour = {"right": "green", "differs": "red"}.get(result.verdict, "yellow")
    head = Text(f"{result.function}: {result.verdict}.", style=f"bold {colour}")
    console.print(head, Text(result.sentence))
    table = Table.grid(padding=(0, 2))
    for line in result.lines:
        number = f"  line {line.number}"
        for row in line.rows():
            name = row.whose if row.is_equation else row.label
            table.add_row(number, Text(name, style="dim"), Text(row.text))
            number = ""
    if table.row_count:
        console.print(table)
    for note in result.notes:
        console.print(Text(f"note: {note}", style="dim"))


@main.command(
    help="Print a worksheet: a cell to be computed by hand, with small round numbers.\n\n"
    f"CELL is one of {', '.join(CELLS)}. The same seed gives the same numbers, so that worksheet "
    "and key fit each other."
)
@click.argument("cell", type=click.Choice(list(CELLS)), metavar="CELL")
@click.option("--seed", type=int, default=1, show_default=True, help="0 or more.")
@click.option("--steps", type=int, default=2, show_default=True, help="1 to 4.")
@click.option("--key", is_flag=True, help="Print the results in place of the blanks.")
def trace(cell: str, seed: int, steps: int, key: bool) -> None:
    """Print a worksheet."""
    try:
        drawn = worksheet(cell, seed, steps)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    Console(highlight=False).print(sheet(drawn, key))
