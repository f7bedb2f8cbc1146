"""The command line: `lecture-code check` and `lecture-code trace`."""

import sys

import click
from rich.console import Console

from lecture_code.worksheets import CELLS, sheet, worksheet


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lecture-code")
def main() -> None:
    """Check a cell of your own against the lecture's, and print worksheets."""
    # Into a file, Windows would write in an encoding that has no mathematics.
    if not sys.stdout.isatty() and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")


@main.command()
@click.argument("cell", type=click.Choice(list(CELLS)), metavar="CELL")
@click.option("--seed", type=int, default=1, show_default=True, help="0 or more.")
@click.option("--steps", type=int, default=2, show_default=True, help="1 to 4.")
@click.option("--key", is_flag=True, help="Print the results in place of the blanks.")
def trace(cell: str, seed: int, steps: int, key: bool) -> None:
    """Print a worksheet: a cell to be computed by hand, with small round numbers.

    CELL is one of rnn, gru-one-gate, gru, gru-reset-after, lstm. The same seed gives the same
    numbers, so that worksheet and key fit each other.
    """
    try:
        drawn = worksheet(cell, seed, steps)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    Console(highlight=False).print(sheet(drawn, key))
