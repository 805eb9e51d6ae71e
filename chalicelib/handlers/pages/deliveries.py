"""What monitoring tools sent: read it, replay it, put it aside, say where in it the alert is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import NotFound
from chalicelib.domain.integrations import Integration
from chalicelib.domain.naming import ID
from chalicelib.domain.permissions import Access, can_report
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages.door import page
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import alert_settings, deliveries, settings
from chalicelib.web import delivery_marks, forms, mapping_form, navigation
from chalicelib.web.delivery_form import DeliveryForm, is_delivery
from chalicelib.web.mapping_form import MappingForm
from chalicelib.web.refusals import differences

PAGE_SIZE, IN_TROUBLE_AT_MOST = 30, 100
MAPPED = "generic"
TOLD = {
    "replayed": "It was sent through again. What became of it is here in a moment.",
    "mapped": "The mapping is stored. Replay what could not be read before.",
    "mapped-and-replayed": "The mapping is stored, and the delivery was sent through again. What "
    "became of it is here in a moment.",
    "aside": "It is put aside. It stays here for thirty days.",
}


@page("/desk/deliveries", access=Access.DESK)
def deliveries_in_trouble(visit: Visit) -> Response:
    found = deliveries.in_trouble(visit.agent, IN_TROUBLE_AT_MOST + 1)
    lines = [delivery_marks.line(one, name_of(one["integration"])) for one in found]
    return show(
        visit,
        "deliveries.html",
        heading="Deliveries",
        rows=lines[:IN_TROUBLE_AT_MOST],
        is_full=len(lines) > IN_TROUBLE_AT_MOST,
        integration=None,
        integrations=settings.integrations(),
    )


@page("/desk/integrations/{integration_id}/deliveries", access=Access.DESK)
def deliveries_of(visit: Visit, integration_id: str) -> Response:
    settings.forget(settings.INTEGRATION)
    found = alert_settings.integration(integration_id)
    before = visit.asked("before")
    before = before if before and is_delivery(before) else None
    rows = deliveries.listed(integration_id, visit.agent, PAGE_SIZE + 1, before)
    shown = rows[:PAGE_SIZE]
    path = f"/desk/integrations/{integration_id}/deliveries"
    return show(
        visit,
        "deliveries.html",
        heading=found.name,
        rows=[delivery_marks.line(one) for one in shown],
        is_full=False,
        integration=found,
        integrations=(),
        older=f"{path}?before={shown[-1]['id']}" if len(rows) > PAGE_SIZE else None,
        newest=path if before else None,
        health=delivery_marks.health(deliveries.health(found, visit.now)),
    )


@page("/desk/integrations/{integration_id}/deliveries/{delivery_id}", "GET", "POST",
      access=Access.DESK)  # fmt: skip
def delivery(visit: Visit, integration_id: str, delivery_id: str) -> Response:
    if not (ID.fullmatch(integration_id) and is_delivery(delivery_id)):
        raise NotFound("There is no such delivery.")
    settings.forget(settings.INTEGRATION)
    seen = deliveries.detail(integration_id, delivery_id, visit.agent)
    known = settings.integration(integration_id)
    if visit.incoming.request.method == "GET":
        return edit(visit, known, seen, {**forms.EMPTY, "typed": filled(known)})
    return submit(visit, known, seen)


def edit(
    visit: Visit, known: Integration | None, seen: dict[str, Any], form: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    context = {
        "heading": known.name if known else seen["integration"],
        "form": form,
        "one": delivery_marks.line(seen),
        "sentence": delivery_marks.SENTENCES.get(seen["outcome"], ""),
        "problems": delivery_marks.problems(seen["detail"]),
        "headers": delivery_marks.headers(seen),
        "body": delivery_marks.readable(seen["body"]),
        "is_cut": seen["size"] > deliveries.SHOWN_AT_MOST,
        "replay_of": seen["replay_of"],
        "can_replay": known is not None and seen["outcome"] not in deliveries.NOT_REPLAYED,
        "may_map": known is not None and known.source == MAPPED,
        "integration": known,
        "version": known.version if known else None,
        "stale": None,
        "differs": differences(form["typed"], filled(known), mapping_form.labels()),
        "labels": mapping_form.labels(),
        "paths": mapping_form.rows(),
    }
    return show(visit, "delivery.html", status, **{**context, **more})


def filled(known: Integration | None) -> dict[str, str]:
    return mapping_form.filled(known.options.get("mapping") if known else None)


def submit(visit: Visit, known: Integration | None, seen: dict[str, Any]) -> Response:
    shown = partial(edit, visit, known, seen)
    if visit.incoming.form.get("do") in ("replay", "aside"):
        return press(visit, shown, seen, filled(known))
    if known is None:
        raise NotFound("There is no such integration.")
    act = partial(put_mapping, visit, known, seen)
    return frame.submit(visit, MappingForm, shown, act, lambda e, _: mapping_form.fields_of(e))


def press(
    visit: Visit, shown: Callable[..., Response], seen: dict[str, Any], typed: dict[str, str]
) -> Response:
    sent = forms.read(visit.incoming.body(), DeliveryForm)
    form = {**forms.EMPTY, "typed": typed}
    if sent.value is None:
        return shown({**form, "errors": sent.errors}, HTTPStatus.UNPROCESSABLE_ENTITY)
    act = partial(replay if sent.value.do == "replay" else put_aside, visit, seen)

    def again(status: HTTPStatus, errors: Any, stale: int | None = None) -> Response:
        return shown({**form, "errors": errors}, status)

    return frame.attempt(act, mapping_form.fields_of, again)


def replay(visit: Visit, seen: dict[str, Any], done: str = "replayed") -> Response:
    deliveries.replay(seen["integration"], seen["id"], visit.agent, visit.now)
    return visit.go_to(f"{home(seen)}?done={done}")


def put_aside(visit: Visit, seen: dict[str, Any]) -> Response:
    deliveries.dismiss(seen["integration"], seen["id"], visit.agent, visit.now)
    return visit.go_to(f"{home(seen)}/{seen['id']}?done=aside")


def put_mapping(visit: Visit, known: Integration, seen: dict[str, Any], asked: Any) -> Response:
    mapping = mapping_form.mapping_of(asked)
    is_same = mapping == (known.options.get("mapping") or None)
    if not is_same:
        alert_settings.put_mapping(known.id, mapping, visit.agent, visit.now, asked.version)
    if asked.do == "map_and_replay":
        return replay(visit, seen, "mapped-and-replayed")
    return visit.go_to(f"{home(seen)}/{seen['id']}?done=mapped")


def home(seen: dict[str, Any]) -> str:
    return f"/desk/integrations/{seen['integration']}/deliveries"


def name_of(integration_id: str) -> str:
    known = settings.integration(integration_id)
    return known.name if known else integration_id


def show(
    visit: Visit, template: str, status: HTTPStatus = HTTPStatus.OK, **context: Any
) -> Response:
    common = {
        "sidebar": navigation.sidebar({}, "deliveries"),
        "told": TOLD.get(visit.asked("done") or ""),
        "newest": None,
        "older": None,
        "health": None,
        "may_set": can_report(visit.agent),
    }
    return visit.show(template, status, **{**common, **context})
