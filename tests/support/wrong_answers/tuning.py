"""For each test that the page's exercises give: an answer that is plausible, and wrong."""


def choose(errors):
    """The smallest mean wins, however little it is smaller."""
    return int(errors.mean(1).argmin())
