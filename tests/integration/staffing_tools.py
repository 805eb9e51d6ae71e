"""What stories about staffing begin with: an office, urgency, a group outside, who holds what."""

from datetime import UTC, datetime

from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Level, Role
from chalicelib.models.person import Person
from chalicelib.services import (
    desk_settings,
    notifications,
)
from tests.cast import ADA, MONDAY_9
from tests.factories import employ, entries_of, now_of

URGENT = {"impact": Level.HIGH, "urgency": Level.HIGH}
LOW = {"impact": Level.LOW, "urgency": Level.LOW}
WEEK = ("mon", "tue", "wed", "thu", "fri")
OFFICE = {
    "id": "lisbon", "name": "Lisbon office", "zone": "Europe/Lisbon",
    "weekly": {day: [["09:00", "18:00"]] for day in WEEK},
}  # fmt: skip
FIELD = {"id": "field", "name": "Field engineers", "outside": True, "dedicated": True}
FIA = Actor("P-FIA", "Fia Lund", Role.AGENT, "fia@partner.example", "field", outside=True)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def load_of(actor) -> int:
    return int(Person.get(actor.id).load)


def holder(ticket) -> str | None:
    return now_of(ticket).assignee_id


def mails_of(ticket) -> list[str]:
    """Everybody whom any event of the ticket would be mailed to, as things stand."""
    events = ({"ticket_id": one.ticket_id, "entry_id": one.entry_id} for one in entries_of(ticket))
    return [letter.to for event in events for letter in notifications.letters_for(event, MONDAY_9)]


def outside(actor=FIA, **profile):
    desk_settings.put_team(FIELD, ADA, MONDAY_9)
    employ(actor, tiers=[1], team="field", **profile)
