"""The SLA policies: their order, and the editor of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain import policy_checks
from chalicelib.domain.errors import FieldError
from chalicelib.domain.policies import STANDARD, Policy
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages.settings_frame import NEW, ask_what_if, done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import settings, sla_settings
from chalicelib.web import forms, policy_form, policy_page
from chalicelib.web.policy_fields import PolicyForm
from chalicelib.web.policy_refusals import fields_of
from chalicelib.web.settings_forms import OrderForm

HERE, HOME = "sla-policies", "/settings/sla-policies"
DEEDS = ("retire", "return", "delete")


def listing(visit: Visit, status: HTTPStatus = HTTPStatus.OK, **more: Any) -> Response:
    found = settings.policies()
    names = {one.id: one.name for one in settings.calendars()}
    return show(
        visit, "policies.html", HERE, status,
        **{"told": told(visit), **policy_page.cards(found, names), **more},
    )  # fmt: skip


def reorder(visit: Visit) -> Response:
    """Ask a policy one place earlier or later; retired ones stand behind all others."""
    sent = forms.read(visit.incoming.body(), OrderForm)
    if sent.value is None:
        return listing(visit, HTTPStatus.UNPROCESSABLE_ENTITY, form=sent.shown())
    up, down = sent.value.up, sent.value.down
    ids = policy_page.moved(settings.policies(), up or down or "", -1 if up else 1)
    job = sla_settings.order_policies(ids, visit.agent, visit.now)
    return visit.go_to(done(HOME, "order", job.job_id))


def editor(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else sla_settings.policy(name)
    form = {**forms.EMPTY, "typed": policy_page.filled(stored)}
    return edit(visit, stored, form, told=told(visit, stored.version if stored else None))


def edit(
    visit: Visit, stored: Policy | None, form: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    context = {
        "heading": stored.name if stored else "New policy",
        "policy": stored,
        "is_standard": stored is not None and stored.id == STANDARD.id,
        "is_used": stored is not None and settings.is_used(stored.id),
        "version": stored.version if stored else None,
        "calendars": settings.calendars(),
        "stale": None,
        "differs": policy_page.differs(form["typed"], stored),
        **policy_page.offered(form),
    }
    return show(visit, "policy.html", HERE, status, form=form, **{**context, **more})


def submit(visit: Visit, name: str) -> Response:
    if visit.incoming.form.get("do") in DEEDS:
        return deed(visit, name)
    stored = None if name == NEW else sla_settings.policy(name)

    def fields(errors: Iterable[FieldError], asked: Any) -> dict[str, str]:
        return fields_of(errors, asked.model_dump(), "/policy" if asked.do == "try" else "")

    def act(asked: Any) -> Response:
        return (try_out if asked.do == "try" else save)(visit, stored, asked)

    return frame.submit(visit, PolicyForm, partial(edit, visit, stored), act, fields)


def save(visit: Visit, stored: Policy | None, asked: Any) -> Response:
    data = data_for(stored, asked)
    if stored and asked.version != stored.version and is_same(stored, data):
        return visit.go_to(done(f"{HOME}/{stored.id}", "saved"))  # the same form, sent twice
    policy, job = sla_settings.put_policy(
        data, visit.agent, visit.now, asked.version, new=stored is None
    )
    return visit.go_to(done(f"{HOME}/{policy.id}", "saved", job.job_id))


def try_out(visit: Visit, stored: Policy | None, asked: Any) -> Response:
    draft = {**data_for(stored, asked), "retired": False}
    return ask_what_if(visit, asked.days, policy=draft)


def data_for(stored: Policy | None, asked: Any) -> dict[str, Any]:
    data = policy_form.data_of(asked)
    return {**data, "id": stored.id, "retired": stored.retired} if stored else data


def is_same(stored: Policy, data: dict[str, Any]) -> bool:
    known = [one.id for one in settings.calendars()]
    is_sound = not policy_checks.check(data, known)
    return is_sound and replace(stored, version=1) == Policy.from_data(data)


def deed(visit: Visit, name: str) -> Response:
    """Retire, bring back or delete; the page says why not."""
    stored = sla_settings.policy(name)

    def act(do: str) -> Response:
        return {"retire": retire, "return": bring_back}.get(do, delete)(visit, stored)

    typed = policy_page.filled(stored)
    return frame.press(
        visit, partial(edit, visit, stored), typed, act, lambda errors: fields_of(errors, {})
    )


def retire(visit: Visit, stored: Policy) -> Response:
    _, job = sla_settings.retire_policy(stored.id, visit.agent, visit.now)
    return visit.go_to(done(HOME, "retired", job.job_id))


def bring_back(visit: Visit, stored: Policy) -> Response:
    data = replace(stored, retired=False).to_data()
    _, job = sla_settings.put_policy(data, visit.agent, visit.now)
    return visit.go_to(done(f"{HOME}/{stored.id}", "returned", job.job_id))


def delete(visit: Visit, stored: Policy) -> Response:
    sla_settings.delete_policy(stored.id, visit.agent, visit.now)
    return visit.go_to(done(HOME, "deleted"))
