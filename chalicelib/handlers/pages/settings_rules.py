"""The routing rules: their order, the editor of one, and trying a draft on the last tickets."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.domain.routing import DEFAULT, Rule, check
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages.settings_frame import NEW, done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import desk_settings, routing, settings, staff, views
from chalicelib.web import forms, member_page, policy_page, rule_form, rule_words
from chalicelib.web.refusals import differences
from chalicelib.web.rule_form import RuleForm, fields_of
from chalicelib.web.settings_forms import OrderForm, moved, whole

HERE, HOME = "routing-rules", "/settings/routing-rules"
TRIED_AT_MOST, SHOWN_AT_MOST = 500, 100
DRAFT = "draft"  # the id of a rule that is tried before it has one


def listing(visit: Visit, status: HTTPStatus = HTTPStatus.OK, **more: Any) -> Response:
    rules = rule_words.cards(settings.rules(), team_names())
    return show(visit, "rules.html", HERE, status, **{"rules": rules, "told": told(visit), **more})


def team_names() -> dict[str, str]:
    return {one.id: one.name for one in settings.teams()}


def reorder(visit: Visit) -> Response:
    """Ask a rule one place earlier or later; the default stays last."""
    sent = forms.read(visit.incoming.body(), OrderForm)
    if sent.value is None:
        return listing(visit, HTTPStatus.UNPROCESSABLE_ENTITY, form=sent.shown())
    up, down = sent.value.up, sent.value.down
    ids = [one.id for one in settings.rules() if one.id != DEFAULT.id]
    wanted = moved(ids, up or down or "", -1 if up else 1)
    desk_settings.order_rules(wanted, visit.agent, visit.now)
    return visit.go_to(done(HOME, "order"))


def editor(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else desk_settings.rule(name)
    form = {**forms.EMPTY, "typed": rule_form.filled(stored)}
    return edit(visit, stored, form, told=told(visit, stored.version if stored else None))


def edit(
    visit: Visit, stored: Rule | None, form: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    people = [views.person_view(one) for one in staff.rows().values()]
    context = {
        "heading": stored.name if stored else "New rule",
        "rule": stored,
        "is_default": stored is not None and stored.id == DEFAULT.id,
        "version": stored.version if stored else None,
        "stale": None,
        "differs": differences(form["typed"], rule_form.filled(stored), rule_form.labels()),
        "labels": rule_form.labels(),
        "teams": list(team_names().items()),
        "skills_in_use": member_page.skills_in_use(people, settings.rules()),
        "trial": None,
        "most_shown": SHOWN_AT_MOST,
        "tier_choices": rule_words.tiers(settings.tier_names()),
        "priority_choices": rule_words.PRIORITIES,
        **policy_page.choices(),
    }
    return show(visit, "rule.html", HERE, status, form=form, **{**context, **more})


def submit(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else desk_settings.rule(name)
    shown = partial(edit, visit, stored)
    if stored and visit.incoming.form.get("do") == "delete":
        return frame.press(visit, shown, rule_form.filled(stored), lambda _: delete(visit, stored))

    def act(asked: Any) -> Response:
        return (try_out if asked.do == "try" else save)(visit, stored, asked)

    return frame.submit(visit, RuleForm, shown, act, lambda errors, _: fields_of(errors))


def save(visit: Visit, stored: Rule | None, asked: Any) -> Response:
    data, put = rule_form.data_of(asked), desk_settings.put_rule
    return frame.store(visit, HOME, stored, data, asked.version, put, is_same)


def data_for(stored: Rule | None, asked: Any) -> dict[str, Any]:
    data = rule_form.data_of(asked)
    return {**data, "id": stored.id} if stored else data


def is_same(stored: Rule, data: dict[str, Any]) -> bool:
    return not check(data, team_names()) and replace(stored, version=1) == Rule.from_data(data)


def try_out(visit: Visit, stored: Rule | None, asked: Any) -> Response:
    """The same page with what the draft would have changed; nothing is stored."""
    data = data_for(stored, asked)
    named = {"id": data["id"] or DRAFT, "name": data["name"] or "This draft"}
    draft = desk_settings.checked_rule({**data, **named})
    rows = routing.dry_run(drafted(draft), last_of(asked.last), visit.now)
    names = {one.id: one.name for one in [*settings.rules(), draft]}
    trial = rule_words.found(rows, team_names(), names)
    form = {**forms.EMPTY, "typed": forms.decoded(visit.incoming.body())}
    return edit(visit, stored, form, trial=trial, version=asked.version)


def last_of(text: str) -> int:
    """How many tickets to look back on. Raises Invalid."""
    count = whole(text)
    if not isinstance(count, int) or not 1 <= count <= TRIED_AT_MOST:
        raise Invalid(FieldError("/last", f"Give a whole number from 1 to {TRIED_AT_MOST}."))
    return count


def drafted(draft: Rule) -> list[Rule]:
    """The rules with a draft in its place, or, being new, the last before the default."""
    known = settings.rules()
    if draft.id in [one.id for one in known]:
        return [draft if one.id == draft.id else one for one in known]
    return [*known[:-1], draft, known[-1]]


def delete(visit: Visit, stored: Rule) -> Response:
    desk_settings.delete_rule(stored.id, visit.agent, visit.now)
    return visit.go_to(done(HOME, "deleted"))
