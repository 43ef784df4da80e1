"""Pictures of pages, for the documentation: ``python docs/pictures.py reports docs/pages``.

They are of pages that were published with ``livelihood run --language both``; it needs Chromium.
"""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

SCREEN, PHONE, SHEET = (1280, 900), (390, 844), (718, 1016)  # the last is A4 without its margins
PICTURES = {
    "front": ("index.html", SCREEN, {}),
    "district": ("duji/2019/zh/elderly_care.html", SCREEN, {}),
    "county": ("xiaoxian/2025/zh/safety_net.html", SCREEN, {}),
    "english": ("duji/2019/en/index.html", SCREEN, {}),
    "dark": ("xiaoxian/2025/zh/index.html", SCREEN, {"color_scheme": "dark"}),
    "phone": ("duji/2019/zh/housing.html", PHONE, {}),
    "print": ("duji/2019/zh/overview.html", SHEET, {"media": "print"}),
}


def picture(browser: Browser, path: Path, size: tuple[int, int], media: dict) -> Image.Image:
    """The first screen of a page, in few colours: a picture for a repository."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.emulate_media(reduced_motion="reduce", **media)
    page.goto(path.resolve().as_uri())
    page.evaluate("document.fonts.ready")
    shot = Image.open(BytesIO(page.screenshot()))
    page.close()
    return shot.convert("RGB").quantize(64)


def write_pictures(reports: Path, folder: Path) -> None:
    """All pictures of published pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (page, size, media) in PICTURES.items():
            shot = picture(browser, reports / page, size, media)
            shot.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    write_pictures(Path(sys.argv[1]), Path(sys.argv[2]))
