"""From what the tables' streams tell to rows of the audit, and from those to links of its chain."""

from collections.abc import Sequence
from typing import Any

from chalicelib.models.audit import CHAIN, AuditRow
from chalicelib.models.timeline import TimelineEntry
from chalicelib.services import audit, audit_chain

Image = dict[str, Any]


def note_entries(images: Sequence[Image]) -> None:
    """Write down in the audit what happened to tickets; the same rows however often it is told.

    One by one: the right to write in batches would be one to delete as well.
    """
    for one in map(_entry_of, images):
        audit.of_entry(one).add()


def seal(images: Sequence[Image]) -> None:
    """Cover rows by a link of the chain; links are not covered themselves."""
    rows = [AuditRow.of_image(one) for one in images if one["day"]["S"] != CHAIN]
    if rows:
        audit_chain.seal(rows)


def _entry_of(image: Image) -> dict[str, Any]:
    return TimelineEntry.of_image(image).attribute_values
