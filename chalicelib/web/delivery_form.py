"""The buttons of a delivery's page, and what names one."""

from __future__ import annotations

import re
from typing import Literal

from chalicelib.web.forms import Form

ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


class DeliveryForm(Form):
    do: Literal["replay", "aside"]


def is_delivery(text: str) -> bool:
    """Whether it is the id of a delivery, there or not."""
    return bool(ULID.fullmatch(text))
