"""The command line: `lecture-code check` and `lecture-code trace`."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="lecture-code")
def main() -> None:
    """Check a cell of your own against the lecture's, and print worksheets."""
