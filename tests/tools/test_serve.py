"""The tools' server gives a site as a good host does."""

import gzip
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tools.serve import serve

TEXT = "<p>The same words again and again.</p>" * 500


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    (folder / "lecture" / "gru").mkdir(parents=True)
    (folder / "lecture" / "gru" / "index.html").write_text(TEXT, "utf-8")
    for name in ("font.woff2", "site.css", "bundle.0123abcd.min.js", "data.json", "picture.svg"):
        (folder / name).write_bytes(TEXT.encode())
    with serve(folder) as found:
        yield found


def get(url, accept="gzip"):
    return urlopen(Request(url, headers={"Accept-Encoding": accept}))


def test_text_comes_compressed_to_those_who_can_read_it(address):
    with get(f"{address}lecture/gru/") as answer:
        body = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip"
        assert int(answer.headers["Content-Length"]) == len(body) < len(TEXT) / 10
        assert gzip.decompress(body).decode() == TEXT
    with get(f"{address}lecture/gru/", accept="identity") as answer:
        assert answer.headers["Content-Encoding"] is None
        assert answer.read().decode() == TEXT


@pytest.mark.parametrize(
    ("path", "kind", "compressed", "kept"),
    [
        ("lecture/gru/", "text/html; charset=utf-8", True, "no-cache"),
        ("site.css", "text/css; charset=utf-8", True, "public, max-age=3600"),
        ("font.woff2", "font/woff2", False, "public, max-age=3600"),
        ("data.json?search", "application/json", True, "public, max-age=3600"),
        ("picture.svg", "image/svg+xml", True, "public, max-age=3600"),
        (
            "bundle.0123abcd.min.js",
            "text/javascript; charset=utf-8",
            True,
            "public, max-age=31536000, immutable",
        ),
    ],
)
def test_every_file_says_what_it_is_and_how_long_it_keeps(address, path, kind, compressed, kept):
    with get(address + path) as answer:
        assert answer.headers["Content-Type"] == kind
        assert (answer.headers["Content-Encoding"] == "gzip") == compressed
        assert answer.headers["Cache-Control"] == kept


def test_a_folders_address_ends_in_a_slash(address):
    with get(f"{address}lecture/gru") as answer:
        assert answer.url == f"{address}lecture/gru/"


def test_what_is_not_there_is_not_found(address):
    with pytest.raises(HTTPError, match="404"):
        get(f"{address}lecture/gur/")
