"""A desk where one organisation's ticket holds a word in every field, before and after it came."""

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.people import Actor, requester_id
from chalicelib.domain.vocabulary import HoldReason, Role, Status, Target
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    conversations,
    deadlines,
    escalations,
    guests,
    ownership,
    tickets,
    transfers,
)
from tests.cast import ADA, ANA, LEA, MONDAY_9, OMAR, after
from tests.factories import a_ticket, employ
from tests.integration.api import Api
from tests.integration.full_desk import BEA, GUS, KIM, full_desk
from tests.integration.fuzzing_desk import Picture
from tests.integration.monitoring import connect, log, report, told
from tests.integration.uploading import settled, uploaded
from tests.integration.whole_desk import run

WORD = "Quartzxylophone"
PIA_EMAIL = "pia@vault.example"
PIA = Actor(requester_id(PIA_EMAIL), f"Pia {WORD}", Role.REQUESTER, PIA_EMAIL)
TIA = Actor("P-TIA", "Tia Roos", Role.AGENT, "tia@desk.example")  # sees the team `shops` only
OUT = (OMAR, GUS, BEA, KIM, TIA)  # each sees something, and nothing of Pia's


@dataclass(frozen=True)
class Desk:
    """Pictures without and with what is planted; ids by the names that paths have for them."""

    before: Picture
    after: Picture
    ids: dict[str, list[str]]
    secrets: frozenset[str]
    guest: dict[str, str]  # cookies of the guest whom a link let see Omar's ticket
    cursors: tuple[str, ...]  # of lists that begin with what is planted, as admins are given them


def secret_desk() -> Desk:
    """Everybody has a ticket of their own sight; then Pia asks for help."""
    employ(ADA)  # a desk has an admin before it has anything
    ids = {name: [text] for name, text in full_desk().items()}
    employ(TIA, tiers=[1], sees={"teams": ["shops"]})
    own = _everybodys_own()
    ids["ticket_id"] += [one.ticket_id for one in own]
    guest_pass = guests.pass_for(own[0], MONDAY_9)
    run(MONDAY_9)
    before = Picture()
    planted = _plant()
    run(after(minutes=1))
    ids = {name: [*ids[name], *planted.get(name, ())] for name in ids}
    secrets = {WORD, PIA_EMAIL, *(one for found in planted.values() for one in found)}
    cookies = {f"__Host-guest-{own[0].ticket_id}": guest_pass}
    return Desk(before, Picture(), ids, frozenset(secrets), cookies, tuple(_cursors()))


def _cursors() -> Iterator[str]:
    ada = Api(ADA)
    for more in ("", f"&requester={PIA_EMAIL}", "&status=cancelled"):
        following = ada.get(f"/tickets?limit=1{more}").json.get("next")
        yield from [following] if following else []


def _everybodys_own() -> list[Ticket]:
    """Of Omar's clinic, of the group `other`, and of the shops' team."""
    made = [a_ticket(OMAR, subject="Of Omar"), a_ticket(OMAR), a_ticket()]
    for ticket, team in zip(made, (None, "other", "shops"), strict=True):
        ticket.team = team
        ticket.save()
    return made


def _plant() -> dict[str, list[str]]:
    """By the names of what it brings into being; in Porto, of the group `field`."""
    employ(PIA)
    file = uploaded(Api(PIA), name=f"{WORD}.txt")
    asked = {"subject": WORD, "description": f"All about {WORD}.", "attachments": [file],
             "requester": {"email": PIA_EMAIL, "name": PIA.name}}  # fmt: skip
    more = {"branch": f"Porto {WORD}", "category": WORD, "tags": [WORD]}
    found = Api(PIA).post("/tickets", {**asked, **more})
    assert found.status == 201, found.json
    settled()
    ticket = Ticket.get(found.json["id"])
    _live(ticket.ticket_id)
    other = a_ticket(PIA, subject=f"Not again, {WORD}")
    tickets.cancel(other.ticket_id, f"{WORD} it is.", ANA, MONDAY_9)
    incident, delivery = _alert()
    return {"ticket_id": [ticket.ticket_id, other.ticket_id, incident],
            "attachment_id": list(ticket.files), "delivery_id": [delivery]}  # fmt: skip


def _live(ticket_id: str) -> None:
    """Everything that may be written about a ticket."""
    about = (ticket_id, f"{WORD} was said.")
    conversations.note(*about, ANA, MONDAY_9)
    conversations.log_call(*about, ANA, MONDAY_9)
    conversations.reply(*about, ANA, MONDAY_9, Status.PENDING)
    conversations.reply(*about, PIA, MONDAY_9)
    tickets.hold(ticket_id, HoldReason.THIRD_PARTY, None, ANA, MONDAY_9)
    tickets.resume(ticket_id, ANA, MONDAY_9)
    escalations.tell(ticket_id, "lead", f"Because of {WORD}.", ANA, MONDAY_9)
    escalations.escalate(ticket_id, f"{WORD} is hard.", f"{WORD}.", None, ANA, MONDAY_9)
    deadlines.set_due_date(ticket_id, Target.RESOLUTION, after(days=2), WORD, LEA, MONDAY_9)
    tickets.resolve(ticket_id, f"Oiled {WORD}.", WORD, ANA, MONDAY_9)
    tickets.reopen(ticket_id, PIA, MONDAY_9)
    transfers.to_team(ticket_id, "field", f"{WORD} is yours.", LEA, MONDAY_9)
    ownership.assign(ticket_id, ANA.id, LEA, MONDAY_9)


def _alert() -> tuple[str, str]:
    """An incident that a tool opened, and the delivery that told of it."""
    found = connect(id="vault", storm_size=0)
    summary = {"summary": f"{WORD} is broken", "description": WORD}
    report(found, told(WORD, annotations=summary, labels={"service": WORD}))
    delivery = log(found)[0]
    return str(next(iter(delivery.tickets))), str(delivery.delivery_id)
