"""A desk to be fuzzed: tickets in the state that each step is for, settings that may go."""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import HoldReason, Level, Role, Target
from chalicelib.models.person import Person
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    deadlines,
    desk_settings,
    escalations,
    limits,
    ownership,
    sessions,
    settings,
    staff,
    tickets,
    transfers,
)
from tests import aws
from tests.cast import ADA, ANA, BEN, CHI, DEV, LEA, MONDAY_9, ROSA, after
from tests.factories import a_ticket, employ, put_policy
from tests.integration.api import Api, a_request
from tests.integration.full_desk import BEA, WINDOW, full_desk
from tests.integration.killing import stores
from tests.integration.lambdas import work_off_jobs
from tests.integration.monitoring import connect, log, send
from tests.integration.promises import HOUR, all_targets
from tests.integration.whole_desk import run

ZOE = Actor("P-ZOE", "Zoe Hart", Role.AGENT, "zoe@desk.example")  # whom admins remove
NIGHTS = {"id": "nights", "name": "Nights", "tier": 3, "zone": "UTC", "people": [LEA.id, ADA.id],
          "starts": "2026-11-16"}  # fmt: skip
CALENDAR = {"name": "Spare", "zone": "UTC", "weekly": {"mon": [["09:00", "18:00"]]}}
SPARE: dict[str, tuple[str, dict[str, Any]]] = {
    "calendar_id": ("/calendars", CALENDAR),
    "branch_id": ("/branches", {"name": "Spare"}),
    "team_id": ("/teams", {"name": "Spare"}),
}
NEW = "Another"
BODIES: dict[str, Any] = {
    "open_ticket": a_request(),
    "add_calendar": {**CALENDAR, "name": NEW},
    "put_calendar": CALENDAR,
    "add_policy": {"name": NEW, "targets": all_targets(resolution=HOUR)},
    "put_policy": {"name": NEW, "targets": all_targets(resolution=HOUR)},
    "order_policies": {"ids": ["spare"]},
    "ask_what_if": {"calendar": {**CALENDAR, "name": NEW}},
    "add_rotation": {**NIGHTS, "id": "another"},
    "put_rotation": NIGHTS,
    "add_person": {"name": NEW, "email": "new@desk.example", "role": "agent", "tiers": [1]},
    "put_person": {"name": NEW, "role": "agent", "tiers": [1]},
    "put_rule": {"name": NEW, "skills": {"network": 2}},
    "order_rules": {"ids": ["vpn"]},
    "export_person": {"email": ROSA.email},
    "erase_person": {"email": ROSA.email, "confirm": ROSA.email, "also_open": True},
    "order_alert_rules": {"ids": ["all"]},
    "add_maintenance_window": {**WINDOW, "id": "another"},
    "put_maintenance_window": WINDOW | {"id": "patch"},
    "set_due_date": {"due_at": "2026-12-24T12:00:00Z", "reason": "As agreed."},
    "hold_ticket": {"reason": "third_party"},
    "transfer_ticket": {"tier": 2},
    "escalate_ticket": {"reason": "Too hard for us.", "tried": "All."},
    "de_escalate_ticket": {"reason": "Easy."},
    "set_availability": {"status": "busy"},
}  # fmt: skip
UNREADABLE = b"<html>502 Bad Gateway</html>"
IN_LYON: dict[str, Any] = {"branch": "lyon"}
Ids = Mapping[str, str]


@dataclass(frozen=True)
class Things:
    """Ids by the names that paths have for them, and tickets by the operation they are for."""

    ids: Ids
    tickets: Ids

    def body(self, operation: str) -> Any:
        """What an operation surely takes; None where all that its schema lets through will do."""
        if operation == "transfer_tickets":
            return {"tier": 2, "tickets": [self.ids["ticket_id"]]}
        return BODIES.get(operation)

    def of(self, operation: str) -> dict[str, str]:
        """What stands in an operation's path."""
        ticket = self.tickets.get(operation, self.ids["ticket_id"])
        return {**self.ids, "ticket_id": ticket}


def furnish() -> Things:
    """Everything; all tickets are Rosa's and in Lyon."""
    employ(ADA)  # a desk has an admin before it has anything
    ids = full_desk()
    employ(BEN, CHI, DEV)
    employ(ZOE, tiers=[1])
    work_off_jobs(MONDAY_9)
    ids |= {"person_id": ZOE.id, "rotation_id": "nights", **_spare_settings(), **_unreadable()}
    return Things(ids, {name: ticket.ticket_id for name, ticket in _in_states()})


def own(actor: Actor) -> dict[str, str]:
    """A session and a token of one's own."""
    sessions.start(Person.get(actor.id), MONDAY_9)
    session = sessions.of(actor.id, MONDAY_9)[0]
    token = Api(actor).post("/people/me/tokens", {"label": "Spare"}).json
    return {"session_id": sessions.view(session)["id"], "token_id": token["id"]}


def _spare_settings() -> dict[str, str]:
    desk_settings.put_rotation(NIGHTS, ADA, MONDAY_9)
    policy, _ = put_policy(id="spare", name="Spare", conditions={"tag": ["spare"]})
    ada = Api(ADA)
    made = {name: ada.post(path, data).json["id"] for name, (path, data) in SPARE.items()}
    return {"policy_id": policy.id, **made}


def _unreadable() -> dict[str, str]:
    found = connect(id="other", storm_size=0)
    send(found, UNREADABLE)
    return {"integration_id": found.id, "delivery_id": log(found)[0].delivery_id}


def _in_states() -> Iterator[tuple[str, Ticket]]:
    yield "cancel_ticket", a_ticket(**IN_LYON)
    yield "acknowledge_page", _paged()
    yield "accept_ticket", _given()
    for name in ("unassign_ticket", "resolve_ticket", "hold_ticket", "assign_ticket"):
        yield name, _given()
    yield "transfer_ticket", a_ticket(**IN_LYON)
    yield "escalate_ticket", a_ticket(**IN_LYON)
    yield "resume_ticket", _held()
    yield "reopen_ticket", _resolved()
    yield "de_escalate_ticket", _escalated()
    yield "set_due_date", a_ticket(**IN_LYON)
    yield "clear_due_date", _dated()


def _given() -> Ticket:
    return ownership.assign(a_ticket(**IN_LYON).ticket_id, BEA.id, LEA, MONDAY_9)


def _held() -> Ticket:
    return tickets.hold(_given().ticket_id, HoldReason.THIRD_PARTY, None, ANA, MONDAY_9)


def _resolved() -> Ticket:
    return tickets.resolve(_given().ticket_id, "Switched it on.", None, ANA, MONDAY_9)


def _escalated() -> Ticket:
    ticket = a_ticket(**IN_LYON)
    escalations.escalate(ticket.ticket_id, "Hard.", "All.", None, ANA, MONDAY_9)
    return ticket


def _dated() -> Ticket:
    about = (a_ticket(**IN_LYON).ticket_id, Target.RESOLUTION, after(days=3), "As agreed.")
    return deadlines.set_due_date(*about, LEA, MONDAY_9)


def _paged() -> Ticket:
    """One for which Ada was called, for nobody of the highest tier is there."""
    employ(DEV, tiers=[3], availability="busy")
    ticket = a_ticket(impact=Level.HIGH, urgency=Level.HIGH, **IN_LYON)
    transfers.to_tier(ticket.ticket_id, 3, "", LEA, MONDAY_9)
    run(MONDAY_9)
    return ticket


class Picture:
    """All tables as they are now, to go back to."""

    def __init__(self) -> None:
        self._items = {name: pickle.dumps(one.items) for name, one in stores()[0].items()}

    def keep(self, *names: str) -> None:
        """Of these tables what they hold by now."""
        for name in (f"{aws.PREFIX}-{one}" for one in names):
            self._items[name] = pickle.dumps(stores()[0][name].items)

    def restore(self) -> None:
        for name, table in stores()[0].items():
            table.items = pickle.loads(self._items[name])
            if table.stream_shard:
                table.stream_shard.items.clear()
        limits.forget()
        settings.forget()
        staff.forget()
        for queue in ("alerts", "jobs"):
            aws.queued(queue)
