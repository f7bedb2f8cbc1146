"""The command `python -m tools.check site`."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tools.check import look_over, navigation
from tools.check.file import FONT


def main(arguments: list[str] | None = None) -> int:
    """Print the problems of a site.

    Args:
        arguments: the command's; those of this process if None.

    Returns:
        1 if there are any, else 0: an exit status.
    """
    parser = argparse.ArgumentParser("tools.check", description="Look a built site over.")
    parser.add_argument("site", help="the folder that the build wrote")
    parser.add_argument(
        "--external", action="store_true", help="list the addresses on other hosts, with the pages"
    )
    given = parser.parse_args(arguments)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        report = look_over(Path(given.site), navigation(), workers=workers)
    for problem in report.problems:
        print(problem)
    if given.external:
        for address, files in report.external.items():
            print(f"{address} ({', '.join(files)})")
    print(
        f"{given.site}: {report.pages} pages looked over with {FONT.name}, "
        f"{report.internal:,} internal links, {len(report.external)} to other hosts, "
        f"{len(report.problems)} problems"
    )
    return min(1, len(report.problems))


if __name__ == "__main__":
    sys.exit(main())
