"""A site that is too heavy is found, by kind of file; each kind has a limit and its reason."""

import pytest

from tools.check import weight
from tools.check.file import LOOKS
from tools.check.weight import LIMITS, MB, problems_of_weight, weights


def read(folder) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_every_kind_of_file_has_one_limit_with_a_reason():
    kinds = [kind for limit in LIMITS.values() for kind in limit.kinds]
    assert sorted(kinds) == sorted(LOOKS)
    assert all(len(limit.why.split()) > 3 for limit in LIMITS.values())
    assert sum(limit.most for limit in LIMITS.values()) < 36 * MB


@pytest.fixture
def lower(monkeypatch):
    """Lower one limit."""

    def lower(name, most):
        monkeypatch.setitem(weight.LIMITS, name, LIMITS[name]._replace(most=most))

    return lower


def test_what_is_too_heavy_together_is_named_by_its_heaviest(lower):
    files = {"a/index.html": b"a" * 700, "b/index.html": b"b" * 800, "c.css": b"c" * 900}
    assert list(problems_of_weight(files)) == []
    lower("pages", 1500)
    assert list(problems_of_weight(files)) == []
    lower("pages", 1499)
    [(path, says)] = problems_of_weight(files)
    assert path == "b/index.html"
    assert says.startswith("is the heaviest of the pages, 0.00 MB together: expected at most")


def test_the_real_site_is_within_its_limits(built):
    assert list(problems_of_weight(read(built))) == []


def test_the_real_site_is_beyond_a_lower_limit(built, lower):
    """What the pictures, the notebooks and the wheel weigh, `make build` looks at."""
    files = read(built)
    for name, sizes in weights(files).items():
        lower(name, sum(sizes.values()) - 1)
        assert [path for path, _ in problems_of_weight(files)] == [max(sizes, key=sizes.get)]
        lower(name, LIMITS[name].most * 10)
    assert {"pages", "scripts", "styles", "fonts", "search"} <= set(weights(files))
