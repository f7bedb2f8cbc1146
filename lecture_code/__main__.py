"""`python -m lecture_code`: the command line, also where no script is installed."""

from lecture_code.cli import main

main(prog_name="lecture-code")
