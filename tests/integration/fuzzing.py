"""Schemathesis over the OpenAPI document that the desk serves, as one person or as nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import schemathesis
from schemathesis import AuthContext, auths, engine
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events
from schemathesis.python import wsgi
from werkzeug import Client

from chalicelib.models.ticket import Ticket
from chalicelib.services import limits, tokens
from chalicelib.services.tokens import Bearer
from tests.integration.fuzzing_desk import Picture, Things
from tests.integration.wsgi import Served

PATH = "/openapi.json"
SEED = 6
REALLY_BEARER = tokens.bearer
OFTEN = 0.9  # of generated addresses, so many name what there is
OF_SOCKETS = ("max_redirects", "verify", "cert")
# Left out, with the reason for each:
LEFT_OUT = {
    # API Gateway cannot tell an unknown method from an unknown path: both are 404 (see
    # GatewayResponses in infra/resources.yaml), never 405. What stands in its place is
    # `Found.let_in`: no answer to a method that the document does not name is a success.
    "unsupported_method", "allow_header_conformance",
    # Roles are compared by test_access_matrix.py, which knows what is whose.
    "object_level_authorization",
}  # fmt: skip
# A domain has rules that no schema can say (an id that must exist, a state that must be): 422,
# and 412 for a version that is not the last one. All other refusals of valid data are findings.
VALID = ["2xx", "3xx", "401", "403", "404", "409", "412", "422"]
WITHOUT_HEADER = ["401", "403", "404", "428"]  # 428 is for If-Match (RFC 6585)


@dataclass
class Found:
    """What a run came to."""

    phases: dict[str, int] = field(default_factory=dict)  # calls of each
    reached: set[str] = field(default_factory=set)
    statuses: dict[str, set[int]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


class Desk:
    """The served app, on a desk that is as at first before each call; but not in stories."""

    def __init__(self, app: Served) -> None:
        self._app, self._picture = app, Picture()
        self.in_story = self._changed = False
        self._came: dict[str | None, Bearer] = {}

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        limits.forget()
        if self._changed and not self.in_story:
            self._picture.restore()
            self._changed = False

        def noticed(status: str, headers: list[tuple[str, str]]) -> None:
            reads = environ["REQUEST_METHOD"] == "GET"
            if not reads and status < "4":
                self._changed = True
                self._came.clear()
            start(status, headers)

        return self._app(environ, noticed)

    def bearer(self, token: str | None, now: Any) -> Bearer:
        """As tokens.bearer, which is asked once for as long as nothing changes: it takes half of
        the time here."""
        if token not in self._came:
            self._came[token] = REALLY_BEARER(token, now)
        return self._came[token]


def fuzz(app: Served, token: str | None, things: Things, examples: int,
         closed: Sequence[str] = ()) -> Found:  # fmt: skip
    """All phases of schemathesis, the same calls each time; of what is closed it tries less."""
    desk, found = Desk(app), Found()
    known = mock.patch.object(tokens, "bearer", desk.bearer)
    with known, mock.patch.object(wsgi, "get_client", _Client):
        for is_closed in [False, True] if closed else [False]:
            config = SchemathesisConfig.from_dict(settings(token, things, examples, is_closed))
            schema = schemathesis.openapi.from_dict(document(desk), config=config)
            schema.app, schema.location = desk, PATH
            chosen = schema.include if is_closed else schema.exclude
            schema = chosen(operation_id=list(closed)) if closed else schema
            schema.hooks.register_hook_with_name(_examples(things), "before_add_examples")
            for event in engine.from_schema(schema).execute():
                _note(found, desk, event)
    return found


def document(desk: Desk) -> dict[str, Any]:
    """As it is served, but that answers may hold nothing which it does not name."""
    found: dict[str, Any] = Client(desk).get(PATH).get_json()
    for name, one in found["components"]["schemas"].items():
        if name.endswith("Out") and "properties" in one:
            one.setdefault("additionalProperties", False)
    return found


def _examples(things: Things) -> Any:
    """One good call of each operation, beside what the document's own examples make."""

    def before_add_examples(context: Any, examples: list[Any]) -> None:
        operation = context.operation
        name = operation.definition.raw["operationId"]
        there, body = things.of(name), things.body(name)
        asked: dict[str, Any] = {
            "path_parameters": {one.name: there[one.name] for one in operation.path_parameters},
        }
        if any(one.name == "If-Match" for one in operation.headers):
            asked["headers"] = {"If-Match": etag_of(there["ticket_id"])}
        if body is not None:
            asked |= {"body": body, "media_type": "application/json"}
        elif operation.body:
            return
        example = operation.Case(**asked)
        auths.set_on_case(example, AuthContext(operation=operation, app=None), None)
        examples.append(example)

    return before_add_examples


def etag_of(ticket_id: str) -> str:
    return f'"{int(Ticket.get(ticket_id).version)}"'


def settings(token: str | None, things: Things, examples: int, is_closed: bool) -> dict[str, Any]:
    """As schemathesis.toml would say it."""
    words = {**{f"path.{name}": [text] for name, text in things.ids.items()},
             "path.ticket_id": sorted({things.ids["ticket_id"], *things.tickets.values()}),
             "header.If-Match": ["*", '"1"']}  # fmt: skip
    named = {key: key.replace(".", "-") for key in words}
    checks = {name: {"enabled": False} for name in LEFT_OUT}
    return {
        "seed": SEED,
        "dictionaries": {named[key]: {"values": found} for key, found in words.items()},
        "parameters": {key: {"dictionary": name, "probability": OFTEN}
                       for key, name in named.items()},
        "generation": {"deterministic": True, "max-examples": examples, "no-shrink": True},
        "phases": {"examples": {"fill-missing": True}, "coverage": {"enabled": not is_closed}},
        "checks": {**checks, "positive_data_acceptance": {"expected-statuses": VALID},
                   "missing_required_header": {"expected-statuses": WITHOUT_HEADER}},
        **({"auth": {"openapi": {"token": {"bearer": token}}}} if token else {}),
    }  # fmt: skip


def _note(found: Found, desk: Desk, event: events.EngineEvent) -> None:
    if isinstance(event, events.PhaseStarted):
        desk.in_story = event.phase.name is engine.run.PhaseName.STATEFUL_TESTING
    elif isinstance(event, events.NonFatalError):
        found.faults[f"{event.label}: {event.value!r}"] = ""
    elif isinstance(event, events.FatalError):
        raise event.exception
    elif isinstance(event, events.ScenarioFinished):
        calls = found.phases.get(event.phase.value, 0) + len(event.recorder.interactions)
        found.phases[event.phase.value] = calls
        _note_scenario(found, event.recorder)


def _note_scenario(found: Found, recorder: Any) -> None:
    for case_id, told in recorder.interactions.items():
        operation = recorder.cases[case_id].value.operation
        if told.response is None:
            continue
        method, status = told.request.method, told.response.status_code
        found.statuses.setdefault(operation.label, set()).add(status)
        is_its_own = method == operation.method.upper()
        if is_its_own and 200 <= status < 400:
            found.reached.add(operation.label)
        if not is_its_own and status < 400:
            found.faults[f"{operation.label}: let {method} in"] = ""
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info:
                label = recorder.cases[case_id].value.operation.label
                found.faults.setdefault(f"{label}: {check.name}", _story(recorder, case_id, check))


def _story(recorder: Any, case_id: str, check: Any) -> str:
    told = recorder.interactions.get(case_id)
    asked = told and f"{told.request.method} {told.request.uri} {(told.request.body or b'')[:300]}"
    answer = told and told.response and (told.response.status_code, told.response.content[:400])
    return f"{str(check.failure_info.failure)[:600]}\n{asked}\n{answer}"


class _Client(Client):
    """Werkzeug's, without what is for sockets only: schemathesis 4.32 hands it on."""

    def open(self, *asked: Any, **named: Any) -> Any:
        kept = {name: told for name, told in named.items() if name not in OF_SOCKETS}
        return super().open(*asked, **kept)
