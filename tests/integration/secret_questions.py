"""Everything that is asked about the desk with the planted word: addresses, parameters, forms."""

import itertools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from chalicelib.domain.permissions import Access
from chalicelib.web import navigation
from tests.cast import ANA, OMAR
from tests.integration.routes import Route, routes
from tests.integration.secret_desk import PIA, PIA_EMAIL, WORD, Desk

# What is asked of each parameter that any address takes, by its name.
VALUES: dict[str, tuple[str, ...]] = {
    "status": ("new,open,pending,on_hold", "resolved,closed,cancelled"),
    "tier": ("1", "2"), "team": ("field",), "priority": ("P1,P2", "P3,P4,P5", "P3"),
    "channel": ("api", "monitoring"), "branch": (f"Porto {WORD}", "lyon"),
    "escalated_to": ("lead",), "assignee": ("none", "me", ANA.id),
    "requester": (PIA_EMAIL, PIA.id, "me"), "unstaffed": ("true",), "limit": ("1",),
    "view": tuple(navigation.BY_NAME), "days": ("7",), "month": ("2026-11",),
    "from": ("2026-11-01",), "to": ("2026-11-30", "field", "person:P-ANA"), "actor": (PIA.id,),
    "done": ("transfer", "saved"), "moved": ("1.0",), "live": ("1",), "still": ("1",),
    "zone": ("UTC",), "source": ("alertmanager",), "next": ("/desk",),
}  # fmt: skip
OF_THINGS = {"job": "job_id", "before": "delivery_id", "files": "attachment_id"}
SECRET_OR_SIGNED = {"cursor", "key", "state", "code"}  # foreign and made up ones are tried
UNKNOWN = {"q": WORD, "search": WORD, "sort": "subject", "fields": "subject,description"}
PAGES: dict[str, tuple[str, ...]] = {
    "/desk": ("view", "priority", "cursor", "done", "moved", "to"),
    "/desk/availability": ("done",),
    "/desk/tickets/{ticket_id}": ("done",),
    "/desk/tickets/{ticket_id}/files": ("files",),
    "/account": ("done",),
    "/requests": ("key", "cursor"),
    "/requests/{ticket_id}": ("key", "done"),
    "/requests/{ticket_id}/files": ("files",),
    "/on-call/{ticket_id}": ("key",),
    "/sign-in": ("next",),
    "/sign-in/oidc": ("next",),
    "/sign-in/callback": ("state", "code"),
}
STEPS: dict[str, Any] = {
    "/replies": {"body": "Hello."}, "/notes": {"body": "Hello."}, "/calls": {"body": "Hello."},
    "/escalation": {"reason": "Hard.", "tried": "All."}, "/de-escalation": {"reason": "Easy."},
    "/deadlines/resolution": {"due_at": "2026-12-24T12:00:00Z", "reason": "As agreed."},
    "/assignment": {"assignee": "me"}, "/hold": {"reason": "third_party"},
    "/resolution": {"summary": "Done."}, "/cancellation": {"reason": "Spam."},
    "/transfer": {"tier": 2},
}  # fmt: skip
FORM = {"version": "1", "body": "Hello.", "reason": "Because.", "summary": "Done.", "tier": "2",
        "to": "tier:2", "target": "resolution", "whom": "lead", "kind": "note", "assignee": "me",
        "key": "x" * 43}  # fmt: skip
# Of those that anybody but the whole desk's staff may use, these name no ticket and nobody else.
NAME_NOTHING = (
    "/account/", "/api/v1/people/me", "/sign-in", "/sign-out", "/desk/availability", "/hooks/",
    "/uploads", "/api/v1/uploads",
)  # fmt: skip
MINE = {Access.ANYONE, Access.GUEST, Access.KEY, Access.PERSON, Access.STAFF}
Asked = tuple[str, str, Any]


def addresses(route: Route, desk: Desk) -> Iterator[str]:
    """Of one's own things and of the planted ones."""
    names = re.findall(r"{(\w+)}", route.path)
    known = {**desk.ids, "sent_id": desk.ids["ticket_id"], "step": ["notes", "messages"],
             "section": ["teams", "people", "jobs"], "name": ["field"],
             "integration_key": ["x" * 32], "source": ["alertmanager"]}  # fmt: skip
    missing = set(names) - set(known)
    assert not missing, f"{route}: say what stands for {missing}"
    for values in itertools.product(*(known[name] for name in names)):
        yield route.path.format(**dict(zip(names, values, strict=True)))


def queries(route: Route, desk: Desk) -> Iterator[str]:
    yield urlencode(UNKNOWN)
    for name in taken_by(route):
        signed = (*desk.cursors, "forged") if name in SECRET_OR_SIGNED else ()
        things = desk.ids[OF_THINGS[name]] if name in OF_THINGS else ()
        for value in (*VALUES.get(name, ()), *signed, *things):
            yield urlencode({name: value})
            if name not in ("limit", "cursor") and "limit" in taken_by(route):
                yield urlencode({name: value, "limit": 1})


def taken_by(route: Route) -> tuple[str, ...]:
    from chalicelib.handlers.api.endpoint import ENDPOINTS, PREFIX

    for one in ENDPOINTS:
        if (PREFIX + one.path, one.method) == (route.path, route.method):
            return parameters_of(one.query) if one.query else ()
    return PAGES.get(route.path, ())


def parameters_of(query: Any) -> tuple[str, ...]:
    return tuple(one.alias or name for name, one in query.model_fields.items())


def writing(desk: Desk) -> Iterator[Asked]:
    planted = frozenset(one for one in desk.ids["ticket_id"] if one in desk.secrets)
    for route in routes():
        if route.method != "GET" and route.is_of_a_ticket:
            for path in addresses(route, desk):
                if any(one in path for one in planted):
                    yield route.method, path, body_of(route, path)
    yield from naming(desk.secrets)


def body_of(route: Route, path: str) -> Any:
    if not route.is_api:
        return FORM
    if route.method == "PATCH":
        return {"subject": "Another"}
    body = next((body for end, body in STEPS.items() if path.endswith(end)), {})
    return None if route.method == "DELETE" else body


def naming(secrets: frozenset[str]) -> Iterator[Asked]:
    """What names a ticket, a file or a person in its body."""
    asked = {"subject": "Mine", "description": "Mine.", "requester": {"email": PIA_EMAIL}}
    form = {"subject": "Mine", "description": "Mine.", "email": PIA_EMAIL}
    own = {**asked, "requester": {"email": OMAR.email}}
    yield "POST", "/api/v1/tickets", asked
    yield "POST", "/requests", {"email": PIA_EMAIL}
    yield "POST", "/", form
    for one in sorted(secrets):
        yield "POST", "/api/v1/ticket-transfers", {"tickets": [one], "tier": 2}
        yield "POST", "/api/v1/tickets", {**own, "attachments": [one]}
        yield "POST", "/desk/transfers", {**FORM, "ticket": one, "tickets": one}
        yield "POST", "/", {**form, "email": OMAR.email, "files": one}
