"""The teams: the list, and the editor of one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from chalice import Response

from chalicelib.domain import teams
from chalicelib.domain.teams import Team
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages.settings_frame import NEW, done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import desk_settings, settings, staff, views
from chalicelib.web import forms, team_form, team_page
from chalicelib.web.refusals import differences
from chalicelib.web.team_form import TeamForm, fields_of

HERE, HOME = "teams", "/settings/teams"


def listing(visit: Visit) -> Response:
    everybody = people()
    return show(
        visit,
        "teams.html",
        HERE,
        teams=team_page.cards(settings.teams(), everybody),
        in_none=team_page.of_team(None, everybody),
        no_team=team_page.hand_over_words(teams.NO_TEAM),
        told=told(visit),
    )


def people() -> list[dict[str, Any]]:
    """Who works here, sorted by name."""
    rows = sorted(staff.rows().values(), key=lambda one: one.name)
    return [views.person_view(one) for one in rows]


def editor(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else desk_settings.team(name)
    form = {**forms.EMPTY, "typed": team_form.filled(stored)}
    return edit(visit, stored, form, told=told(visit, stored.version if stored else None))


def edit(
    visit: Visit, stored: Team | None, form: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    members = team_page.of_team(stored.id, people()) if stored else []
    context = {
        "heading": stored.name if stored else "New team",
        "team": stored,
        "card": team_page.card(stored, members) if stored else None,
        "version": stored.version if stored else None,
        "stale": None,
        "differs": differences(form["typed"], team_form.filled(stored), team_form.labels()),
        **team_page.offered(),
    }
    return show(visit, "team.html", HERE, status, form=form, **{**context, **more})


def submit(visit: Visit, name: str) -> Response:
    stored = None if name == NEW else desk_settings.team(name)
    shown = partial(edit, visit, stored)
    if stored and visit.incoming.form.get("do") == "delete":
        return frame.press(visit, shown, team_form.filled(stored), lambda _: delete(visit, stored))
    return frame.submit(
        visit, TeamForm, shown, partial(save, visit, stored), lambda errors, _: fields_of(errors)
    )


def save(visit: Visit, stored: Team | None, asked: Any) -> Response:
    data, put = team_form.data_of(asked), desk_settings.put_team
    return frame.store(visit, HOME, stored, data, asked.version, put, is_same)


def is_same(stored: Team, data: dict[str, Any]) -> bool:
    return not teams.check(data) and replace(stored, version=1) == Team.from_data(data)


def delete(visit: Visit, stored: Team) -> Response:
    desk_settings.delete_team(stored.id, visit.agent, visit.now)
    return visit.go_to(done(HOME, "deleted"))
