"""The README's picture: a card of the built site, in light and in dark, as the browser shows it."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.browser import FLAGS, chromium
from tools.serve import serve

FOLDER = Path("docs/assets")
NAME = "card-{scheme}.png"


def take(site: Path, folder: Path = FOLDER) -> list[Path]:
    """Take the picture of the first card on the landing page.

    Args:
        site: the folder of a built site.
        folder: where the pictures go.

    Returns:
        The pictures' files.

    Raises:
        FileNotFoundError: if there is no landing page, or no Chromium.
    """
    page_file = site / "index.html"
    if not page_file.exists():
        raise FileNotFoundError(f"{page_file}: build the site first")
    files = []
    with serve(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for scheme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": 1000, "height": 800},
                color_scheme=scheme,
                device_scale_factor=2,
            )
            page.goto(address)
            page.locator(".card [data-quantity=update]").first.hover()
            files.append(folder / NAME.format(scheme=scheme))
            page.locator(".card").first.screenshot(path=files[-1])
        browser.close()
    return files


if __name__ == "__main__":
    for file in take(*map(Path, sys.argv[1:])):
        print(file)
