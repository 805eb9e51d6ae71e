"""The desk's people: the table of everybody, the editor of one, and how somebody leaves."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from chalice import Response

from chalicelib.domain.errors import Conflict, FieldError, Invalid
from chalicelib.domain.vocabulary import ACTIVE
from chalicelib.handlers.pages import settings_frame as frame
from chalicelib.handlers.pages import settings_presence as presence
from chalicelib.handlers.pages.settings_frame import NEW, done, show, told
from chalicelib.handlers.pages.visit import Visit
from chalicelib.services import members, settings, staff, views, worklist
from chalicelib.web import forms, member_form, member_page
from chalicelib.web.calendar_marks import week, weekly_hours
from chalicelib.web.calendar_page import zones
from chalicelib.web.member_form import MemberForm, data_of, fields_of
from chalicelib.web.refusals import differences

HERE, HOME = "people", "/settings/people"
COUNTED_AT_MOST = 100
DEEDS = ("leave",)

Data = dict[str, Any]


def listing(visit: Visit) -> Response:
    tier, team = visit.asked("tier"), visit.asked("team")
    rows, names = everybody(visit), all_names()
    return show(
        visit,
        "people.html",
        HERE,
        people=member_page.chosen(rows, tier, team),
        everybody=len(rows),
        on_shift=sum(one["on_shift"] for one in rows),
        filters=member_page.filters(tier, team, names["team"]),
        link=lambda **query: f"{HOME}?{urlencode({k: v for k, v in query.items() if v})}",
        told=told(visit),
    )


def everybody(visit: Visit) -> list[Data]:
    """All who work here, as they are at this moment."""
    names = all_names()
    return [row(one, visit, names) for one in members.everybody()]


def row(person: Any, visit: Visit, names: Data) -> Data:
    shown = {**views.person_view(person), "note": person.away_note}
    return member_page.row(shown, staff.candidate(person, visit.now), names)


def all_names() -> Data:
    people = staff.rows().values()
    return member_page.names_of(settings.teams(), settings.branches(), settings.calendars(), people)


def editor(visit: Visit, name: str) -> Response:
    person = find(visit, name)
    form = {**forms.EMPTY, "typed": member_form.filled(person, visit.person.time_zone)}
    return edit(visit, person, form, told=told(visit, person["version"] if person else None))


def find(visit: Visit, name: str) -> Data | None:
    """Raises NotFound for who is neither here nor new."""
    return None if name == NEW else row(members.member(name), visit, all_names())


def edit(
    visit: Visit, person: Data | None, form: Data,
    status: HTTPStatus = HTTPStatus.OK, **more: Any,
) -> Response:  # fmt: skip
    people = sorted(staff.rows().values(), key=lambda one: one.name)
    known = [views.person_view(one) for one in people]
    others = [one for one in known if not person or one["id"] != person["id"]]
    stored = member_form.filled(person, visit.person.time_zone)
    context = {
        "heading": person["name"] if person else "New person",
        "one": person,
        "version": person["version"] if person else None,
        "stale": None,
        "differs": differences(form["typed"], stored, member_form.LABELS),
        "labels": member_form.LABELS,
        "skills_in_use": member_page.skills_in_use(known, settings.rules()),
        "absence": presence.filled(visit, person) if person else None,
        **member_page.offered(all_names(), zones(), others),
        **(beside(visit, person) if person else {}),
    }
    return show(visit, "person.html", HERE, status, form=form, **{**context, **more})


def beside(visit: Visit, person: Data) -> Data:
    """What the editor shows beside its fields: the week, and what their leaving would mean."""
    hours = settings.calendar(person["shift"]) if person["shift"] else None
    wanted = worklist.Wanted(assignee=person["id"], status=frozenset(ACTIVE))
    held = worklist.page(wanted, visit.agent, visit.now, COUNTED_AT_MOST, None)
    return {
        "hours": hours,
        "week": week(hours) if hours else [],
        "weekly_hours": weekly_hours(hours) if hours else 168,
        "open_count": len(held.tickets),
        "open_more": held.next is not None,
        "on_call_in": [one for one in settings.rotations() if person["id"] in one.people],
    }


def submit(visit: Visit, name: str) -> Response:
    person = find(visit, name)
    shown = partial(edit, visit, person)
    do = visit.incoming.form.get("do")
    if person and do == "availability":
        return presence.submit(visit, person, shown)
    if person and do in DEEDS:
        typed = member_form.filled(person, "")
        return frame.press(visit, shown, typed, lambda _: leave(visit, person))
    return frame.submit(visit, MemberForm, shown, partial(save, visit, person), fields_of)


def save(visit: Visit, person: Data | None, asked: MemberForm) -> Response:
    data = data_of(asked, person)
    if person is None:
        stored = add(data, visit)
    elif asked.version != person["version"] and is_same(person, data):
        return visit.go_to(done(f"{HOME}/{person['id']}", "saved"))  # the same form, sent twice
    else:
        stored = members.change(person["id"], data, visit.agent, visit.now, asked.version)
    return visit.go_to(done(f"{HOME}/{stored.person_id}", "saved"))


def add(data: Data, visit: Visit) -> Any:
    """Raises Invalid at the address if somebody has it already."""
    try:
        return members.add(data, visit.agent, visit.now)
    except Conflict as error:
        raise Invalid(FieldError("/email", str(error))) from error


def is_same(person: Data, data: Data) -> bool:
    return all(person[name] == value for name, value in data.items())


def leave(visit: Visit, person: Data) -> Response:
    members.remove(person["id"], visit.agent, visit.now)
    return visit.go_to(done(HOME, "left"))
