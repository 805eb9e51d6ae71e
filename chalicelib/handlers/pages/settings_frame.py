"""What all settings pages share: who may come in, the frame around them, and what to say next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from chalice import Response

from chalicelib.domain.errors import Busy, Conflict, FieldError, Invalid, NotFound, Stale
from chalicelib.domain.permissions import can_configure, check_can_report
from chalicelib.handlers.pages.visit import Visit
from chalicelib.handlers.problems import STATUS_OF
from chalicelib.services import jobs, settings, sla_settings, staff, worklist
from chalicelib.web import forms, navigation
from chalicelib.web.job_marks import told_of
from chalicelib.web.settings_forms import DeedForm, DraftForm, days_of, whole

TABS = (
    ("", "Overview"),
    ("people", "People"),
    ("teams", "Teams"),
    ("shifts", "Shifts"),
    ("on-call", "On-call"),
    ("routing-rules", "Routing rules"),
    ("sla-policies", "SLA policies"),
    ("calendars", "Calendars"),
    ("branches", "Branches"),
    ("integrations", "Integrations"),
    ("alert-rules", "Alert rules"),
    ("maintenance", "Maintenance"),
    ("jobs", "Background work"),
    ("audit", "Audit"),
    ("privacy", "Privacy"),
)
FOR_ADMINS = frozenset({"audit", "privacy"})
DONE = {
    "saved": "Version {version} is stored.",
    "order": "The order is stored.",
    "retired": "The policy is retired. The tickets of the past keep it.",
    "returned": "The policy is in use again.",
    "deleted": "It is deleted.",
    "again": "The work was sent off again. What is done already stays done.",
    "noted": "It is noted.",
    "connected": "It is stored. Set the tool up now, as is said below, and send a test.",
    "tested": "A test was sent. What it would do is below in a moment; nothing is opened by it.",
    "renewed": "It has a new address and secret. The ones before stay good until they are "
    "forgotten, or renewed again.",
    "forgotten": "Only the newest address and secret are good now.",
    "left": "They have left the desk. What they held goes to others now.",
}

NEW = "new"  # in an address, the one that is not there yet

Errors = Mapping[str, str]
Again = Callable[..., Response]
Edit = Callable[..., Response]
"""Shows the page of an editor: `edit(form, status, **more)`."""
Asked = TypeVar("Asked", bound=DraftForm)


def enter(visit: Visit) -> None:
    """Leads and admins read settings, as they are this moment. Raises NotPermitted."""
    check_can_report(visit.agent)
    settings.forget()
    staff.forget()


def show(
    visit: Visit, template: str, here: str, status: HTTPStatus = HTTPStatus.OK, **context: Any
) -> Response:
    frame = {
        "sidebar": navigation.sidebar({}, ""),
        "room": "settings",
        "heading": dict(TABS)[here] if here else "Settings",
        "tabs": [
            {"title": title, "href": f"/settings/{name}".rstrip("/"), "current": name == here}
            for name, title in TABS
            if name not in FOR_ADMINS or can_configure(visit.agent)
        ],
        "may_change": can_configure(visit.agent),
        "form": forms.EMPTY,
        "told": None,
    }
    return visit.show(f"settings/{template}", status, **{**frame, **context})


def done(path: str, what: str, job_id: str | None = None) -> str:
    """Where to go after a change, so that the page there says what was done."""
    return f"{path}?done={what}" + (f"&job={job_id}" if job_id else "")


def told(visit: Visit, version: int | None = None) -> dict[str, Any] | None:
    """What was done just now, and how far the work is that follows from it."""
    words = DONE.get(visit.asked("done") or "")
    if words is None:
        return None
    return {"text": words.format(version=version or ""), "job": _follows(visit)}


def attempt(act: Callable[[], Response], fields: Callable[..., Errors], again: Again) -> Response:
    """Do what a form asks; when it cannot be done, the page again with what was typed."""
    try:
        return act()
    except Stale as error:
        return again(HTTPStatus.CONFLICT, {}, stale=error.current_version)
    except (Conflict, Busy) as error:
        return again(STATUS_OF[type(error)], {"form": str(error)})
    except Invalid as error:
        return again(HTTPStatus.UNPROCESSABLE_ENTITY, fields(error.errors))


def submit(
    visit: Visit, model: type[Asked], edit: Edit, act: Callable[[Asked], Response],
    fields: Callable[[Iterable[FieldError], Asked], Errors],
) -> Response:  # fmt: skip
    """What an editor does with its form: act on it, or show all that was typed with what is wrong.

    The page shown again remembers which version its writer saw.
    """
    sent = forms.read(visit.incoming.body(), model)
    asked = sent.value
    if asked is None:
        seen = whole(sent.typed.get("version", ""))
        known = {"version": seen} if isinstance(seen, int) else {}
        return edit(sent.shown(), HTTPStatus.UNPROCESSABLE_ENTITY, **known)

    def again(status: HTTPStatus, errors: Errors, stale: int | None = None) -> Response:
        version = stale or asked.version
        return edit(with_errors(sent, errors), status, stale=stale, version=version)

    return attempt(lambda: act(asked), lambda errors: fields(errors, asked), again)


def store(
    visit: Visit, home: str, stored: Any, data: dict[str, Any], version: int | None,
    put: Callable[..., Any], is_same: Callable[[Any, dict[str, Any]], bool], new: str = "saved",
) -> Response:  # fmt: skip
    """Store what an editor's form says, once: of the same form sent twice the second is done."""
    data = {**data, "id": stored.id} if stored else data
    if stored and version != stored.version and is_same(stored, data):
        return visit.go_to(done(f"{home}/{stored.id}", "saved"))
    kept = put(data, visit.agent, visit.now, version, new=stored is None)
    return visit.go_to(done(f"{home}/{kept.id}", "saved" if stored else new))


def press(
    visit: Visit, edit: Edit, typed: Mapping[str, str], act: Callable[[str], Response],
    fields: Callable[[Iterable[FieldError]], Errors] = lambda errors: {},
) -> Response:  # fmt: skip
    """A button that says all: do it, or show the page with why not, beside what is stored."""
    sent = forms.read(visit.incoming.body(), DeedForm)

    def again(status: HTTPStatus, errors: Errors, stale: int | None = None) -> Response:
        return edit({**forms.EMPTY, "typed": typed, "errors": errors}, status, stale=stale)

    if sent.value is None:
        return again(HTTPStatus.UNPROCESSABLE_ENTITY, dict(sent.errors))
    do = sent.value.do
    return attempt(lambda: act(do), fields, again)


def ask_what_if(visit: Visit, days: str, **drafts: dict[str, Any]) -> Response:
    """Ask what a draft `policy` or `calendar` would have changed; leads may, for nothing is."""
    check_can_report(visit.agent)
    asked = (drafts.get("policy"), drafts.get("calendar"), days_of(days), visit.now)
    about = sla_settings.what_if_about(*asked)
    job = jobs.start("sla_what_if", about, visit.agent, visit.now)
    return visit.go_to(f"/settings/jobs/{job.job_id}")


def with_errors(sent: forms.Submission[Any], errors: Errors) -> dict[str, Any]:
    """For the template: what was typed, with what the service found wrong besides."""
    return {**sent.shown(), "errors": {**sent.errors, **errors}}


def _follows(visit: Visit) -> dict[str, Any] | None:
    try:
        job = jobs.view(jobs.find(visit.asked("job") or "-"))
    except NotFound:
        return None
    if job["total"] == 0 and job["state"] == "running":
        job["total"] = sum(queue["open"] for queue in worklist.counts(visit.now))
    return told_of(job)
