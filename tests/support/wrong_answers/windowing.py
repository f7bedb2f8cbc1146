"""For each test that the page's exercises give: an answer that is plausible, and wrong."""


def leaks(prepare, x, T):
    """Only the last value is changed: the centred mean does not look that far."""
    changed = x.copy()
    changed[-1] += 1000
    return bool((prepare(x, T) != prepare(changed, T)).any())
