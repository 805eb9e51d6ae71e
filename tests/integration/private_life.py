"""Rosa's life at the desk: in every place that takes words of people stands one that is hers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import HoldReason, Target
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    conversations,
    deadlines,
    escalations,
    guests,
    jobs,
    origin,
    ownership,
    sla_settings,
    tickets,
    transfers,
    uploads,
)
from chalicelib.services.transfers import Goal
from tests import aws
from tests.cast import ADA, ANA, BEN, CHI, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_policy, a_ticket, employ, employ_everyone
from tests.integration import whole_desk
from tests.integration.api import Api
from tests.integration.lambdas import work, work_off_jobs
from tests.integration.promises import all_targets
from tests.integration.uploading import settled, uploaded

WORD = "mulberry"
OTHERS = "tamarind"  # what others wrote
IP = "198.51.100.77"


def lived() -> list[Ticket]:
    """Two finished requests of hers, and one of Omar's."""
    employ_everyone()
    employ(ADA, BEN)
    with coming_from(IP):
        first = a_ticket(subject=f"My {WORD}", description=f"The {WORD} of Rosa Lind is broken.")
    other = a_ticket(OMAR, subject=f"A {OTHERS}", description=f"My {OTHERS} is broken.")
    worked_on(first.ticket_id)
    second = a_ticket(now=after(hours=4), subject=f"Another {WORD}")
    tickets.cancel(second.ticket_id, f"Rosa has too much {WORD}.", ANA, after(hours=5))
    conversations.note(other.ticket_id, f"See the {OTHERS} first.", ANA, after(hours=5))
    told(after(hours=6))
    known(first)
    return [Ticket.get(one.ticket_id) for one in (first, second, other)]


def worked_on(ticket_id: str) -> None:
    """Everything that can be typed on a ticket is typed."""
    at = iter(after(minutes=minute) for minute in range(1, 60))
    ownership.assign(ticket_id, ANA.id, BEN, next(at), note=f"Mind the {WORD}.")
    conversations.reply(ticket_id, f"Dear Rosa Lind, which {WORD}?", ANA, next(at))
    files = a_file()
    with coming_from(IP):
        conversations.reply(ticket_id, f"The {WORD} of last year.", ROSA, next(at), files=files)
    conversations.note(ticket_id, f"Her {WORD} again.", ANA, next(at))
    conversations.log_call(ticket_id, f"She spoke of her {WORD}.", ANA, next(at))
    tickets.change(ticket_id, {"subject": f"The {WORD}, really"}, ANA, next(at))
    tickets.hold(ticket_id, HoldReason.THIRD_PARTY, None, ANA, next(at))
    tickets.resume(ticket_id, ANA, next(at))
    due = after(days=2)
    deadlines.set_due_date(ticket_id, Target.RESOLUTION, due, f"Her {WORD} waits.", ANA, next(at))
    escalations.escalate(ticket_id, f"Too much {WORD}.", f"Cut the {WORD}.", 2, ANA, next(at))
    transfers.transfer(ticket_id, Goal(person=CHI.id), f"Keep the {WORD}.", ANA, next(at))
    escalations.de_escalate(ticket_id, f"Little {WORD} now.", 1, CHI, next(at))
    ownership.assign(ticket_id, "me", ANA, next(at))
    tickets.resolve(ticket_id, f"The {WORD} grows again.", None, ANA, next(at))


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    origin.note(address)
    yield
    origin.note(None)


def a_file() -> Any:
    texts = [uploaded(Api(ROSA), f"A {WORD}.".encode(), f"{WORD}.txt")]
    return uploads.arrived(texts, ROSA.id, MONDAY_9)


def known(ticket: Ticket) -> None:
    """She follows her link, and a lead asks what another policy would have done."""
    key = guests.follow_key(ticket, after(hours=6))
    guests.admit(ticket.ticket_id, key, after(hours=6))
    strict = a_policy(targets=all_targets(first_response=60))
    about = sla_settings.what_if_about(strict, None, 30, after(hours=6))
    jobs.start("sla_what_if", about, ADA, after(hours=6))
    work_off_jobs(after(hours=6))


def told(now: Any) -> None:
    """The relays, the scanner and the mails have done their work."""
    from chalicelib.handlers.workers.notifications import send_notifications

    settled()
    aws.stream_of("timeline")  # told already
    whole_desk.run(now)
    for message in aws.queued("notifications"):
        assert work(send_notifications, [message]) == {"batchItemFailures": []}
    aws.queued("verdicts")


def erased(actor: Actor = ROSA, at: timedelta = timedelta(days=3), **more: Any) -> str:
    """Erase somebody; answers the job's id."""
    from chalicelib.services import privacy

    asked = {"also_open": False, **more}
    job = privacy.erase(actor.email, actor.email, asked["also_open"], ADA, MONDAY_9 + at)
    work_off_jobs(MONDAY_9 + at)
    assert jobs.view(jobs.find(job.job_id))["state"] == "finished"
    return str(job.job_id)
