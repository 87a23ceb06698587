"""A PDF's page as a picture, for recognition."""

from typing import Any

DOTS_PER_INCH = 300
MOST_PIXELS = 20_000_000


def rendered_page(page: Any) -> Any:
    """The page as it is drawn, in shades of grey."""
    width, height = page.get_size()
    scale = min(DOTS_PER_INCH / 72, (MOST_PIXELS / max(width * height, 1)) ** 0.5)
    return page.render(scale=scale, grayscale=True).to_pil()
