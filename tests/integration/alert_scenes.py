"""Scenes of alerts: those that say little, storms, windows."""

from itertools import count

from chalicelib.adapters import clock
from chalicelib.domain.alerts import Alert, Signal
from chalicelib.domain.maintenance import Window
from chalicelib.models.alert import AlertRecord
from chalicelib.models.ticket import Ticket
from chalicelib.services import incidents as acting
from chalicelib.services import settings
from chalicelib.services.cases import Case
from tests import aws
from tests.cast import after
from tests.integration.monitoring import incidents, post, relay_storm, report, tick, told

SHOP = {"service": "shop", "severity": "warning"}
NUMBERS = count()


def shop(name: str, status: str = "firing", severity: str = "warning", **fields) -> dict:
    return told(name, status, labels={"service": "shop", "severity": severity}, **fields)


def act(found, signal=Signal.FIRING, minutes: float = 0, **fields) -> tuple:
    """One alert of a source that says no more than it does here."""
    plain = {"identity": "disk", "title": "Disk", "text": "Full.", "severity": "warning"}
    alert = Alert(signal=signal, **{**plain, **fields})
    return acting.act(Case(found, alert, f"delivery{next(NUMBERS)}", after(minutes=minutes)))


def storm(found, size: int = 5, **labels) -> tuple[Ticket, list[Ticket]]:
    """The first of so many becomes the parent; ten seconds apart."""
    for n in range(size):
        at = after(seconds=10 * n)
        report(found, told(f"Disk{n}", began=at, labels={**SHOP, **labels}), at=at)
    relay_storm(after(minutes=2))
    return parent_and_parts()


def parent_and_parts() -> tuple[Ticket, list[Ticket]]:
    found = incidents()
    (parent,) = [one for one in found if one.subject == "Disk0 is broken"]
    return parent, [one for one in found if one.parent == parent.ticket_id]


def disk(n: int, status: str = "firing", began=None, **labels) -> dict:
    began = began or after(seconds=10 * n)
    return told(f"Disk{n}", status, began=began, labels={**SHOP, **labels})


def put_window(minutes: int = 60, **changes) -> None:
    window = Window("w1", "Patch day", "2026-11-23T09:00", minutes, **changes)
    settings.put(settings.WINDOW, window.id, window.to_data())


def statuses() -> dict[str, str]:
    return {one.subject: one.status for one in incidents()}


def record_of(ticket: Ticket) -> AlertRecord:
    return AlertRecord.get(ticket.alert["id"])


def queued(found, sent: bytes, at) -> list:
    clock.use(lambda: at)
    assert post(found, sent).status == 202
    return aws.queued("alerts")


def ticks(*minutes) -> None:
    for one in minutes:
        tick(after(minutes=one))


def named(text: str) -> Ticket:
    return next(one for one in incidents() if one.subject.startswith(text))
