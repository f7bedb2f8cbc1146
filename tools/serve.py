"""Serve a built site as a good host does: compressed, with its types and how long they keep.

For the tests and the audit, which see the site as its readers get it.
"""

import contextlib
import functools
import gzip
import io
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

COMPRESSED = re.compile(r"text/|application/(json|xml)|image/svg")
HASHED = re.compile(r"\.[0-9a-f]{8}\.min\.(css|js)$")


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # By name, because the table of the machine may differ.
    extensions_map = {  # noqa: RUF012
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".map": "application/json",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".woff2": "font/woff2",
        ".xml": "application/xml",
        "": "application/octet-stream",
    }

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        if not path.is_file():
            return super().send_head()  # sends people on to the folder's address, or says 404
        kind = self.extensions_map.get(path.suffix, self.extensions_map[""])
        body = path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", _cache_control(path))
        if COMPRESSED.match(kind):
            self.send_header("Vary", "Accept-Encoding")
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                self.send_header("Content-Encoding", "gzip")
                body = _compress(path, path.stat().st_mtime_ns)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, *_: object) -> None:
        pass


def _cache_control(path: Path) -> str:
    if HASHED.search(path.name):
        return "public, max-age=31536000, immutable"
    return "no-cache" if path.suffix == ".html" else "public, max-age=3600"


@functools.lru_cache(maxsize=256)
def _compress(path: Path, saved_at: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine for as long as the block runs.

    Args:
        folder: what a build wrote.

    Yields:
        The address, with a slash at its end.
    """
    handler = functools.partial(_Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
