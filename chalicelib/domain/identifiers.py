"""Ticket ids: speakable on the phone, without a counter, and nothing to guess."""

import re
import secrets

from chalicelib.domain.errors import NotFound

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32: no I, L, O, U
PATTERN = re.compile(rf"HD-[{CROCKFORD}]{{7}}")


def new_ticket_id() -> str:
    """`HD-` and seven random characters; unique by a condition at the write."""
    return "HD-" + "".join(secrets.choice(CROCKFORD) for _ in range(7))


def is_ticket_id(text: str) -> bool:
    return PATTERN.fullmatch(text) is not None


def check_ticket_id(text: str) -> None:
    """Of a part of an address, before it becomes a part of another one. Raises NotFound."""
    if not is_ticket_id(text):
        raise NotFound("There is no such ticket.")


def entry_id(version: int, position: int) -> str:
    """Orders a timeline as the ticket's versions went, whatever the writers' clocks said."""
    return f"{version:06d}-{position:02d}"
