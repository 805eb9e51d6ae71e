"""What of a page people read."""

import re

from tests.integration.browser import Page


def text_of(page: Page) -> str:
    """Without the markup, each gap one space."""
    bare = re.sub(r"<[^>]+>", " ", page.text)
    return re.sub(r" ([.,;:)”])|(?<=“) ", r"\1", re.sub(r"\s+", " ", bare))
