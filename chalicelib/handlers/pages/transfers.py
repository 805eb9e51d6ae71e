"""Many tickets of a list at once: to oneself, a person, a team or a tier, with one note for all."""

from __future__ import annotations

from http import HTTPStatus

from chalice import Response

from chalicelib.domain.errors import Invalid
from chalicelib.domain.permissions import Access
from chalicelib.handlers.pages import desk, goals
from chalicelib.handlers.pages.desk import Listed
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import transfers as service
from chalicelib.services.transfers import Outcome
from chalicelib.web import staffing_forms
from chalicelib.web.staffing_forms import Chosen, TransfersForm

NONE_CHOSEN = "Tick the tickets that shall go."


@page("/desk/transfers", "GET", "POST", access=Access.STAFF)
def transfers(visit: Visit) -> Response:
    if visit.incoming.request.method == "GET":
        return visit.go_to("/desk")
    chosen = staffing_forms.chosen(visit.incoming.body())
    typed = chosen.sent.typed
    listed = Listed.of(visit, typed.get("view"), typed.get("priority"), typed.get("cursor") or None)
    if chosen.sent.value is None or not chosen.tickets:
        return refused(visit, listed, chosen, {} if chosen.tickets else {"form": NONE_CHOSEN})
    try:
        return moved(visit, listed, chosen, chosen.sent.value)
    except Invalid as error:
        return refused(visit, listed, chosen, {"to": str(error)})


def moved(visit: Visit, listed: Listed, chosen: Chosen, asked: TransfersForm) -> Response:
    goal = goals.goal_of(asked.to)
    done = service.transfer_all(chosen.tickets, goal, asked.note, visit.agent, visit.now)
    went = [one.ticket_id for one in done if not one.problem]
    stuck = [one for one in done if one.problem]
    if stuck:
        return partly(visit, listed, chosen, went, stuck)
    told = {"done": "transfer", "to": asked.to, "moved": ".".join(went)}
    return visit.go_to(listed.at(listed.cursor, **told))


def partly(
    visit: Visit, listed: Listed, chosen: Chosen, went: list[str], stuck: list[Outcome]
) -> Response:
    """What has gone is ticked no more; what has not can be tried elsewhere."""
    told = {"tickets": went, "where": goals.named(chosen.sent.typed["to"], visit.agent)}
    left = [one.ticket_id for one in stuck]
    form = chosen.sent.shown("transfers")
    shown = {"form": form, "chosen": left, "stuck": stuck, "told": told if went else None}
    return desk.show(visit, listed, HTTPStatus.CONFLICT, **shown)


def refused(visit: Visit, listed: Listed, chosen: Chosen, wrong: dict[str, str]) -> Response:
    """The list again, with what was ticked and typed."""
    form = chosen.sent.shown("transfers", **wrong)
    refusal = HTTPStatus.UNPROCESSABLE_ENTITY
    return desk.show(visit, listed, refusal, form=form, chosen=chosen.tickets)
