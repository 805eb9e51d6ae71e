"""The API is as its OpenAPI document says, whoever asks whatever (schemathesis, all phases).

`make fuzz` tries much more; FUZZ_EXAMPLES says how many calls of each operation are made up.
"""

import dataclasses
import os

import pytest

from chalicelib.domain.errors import NotPermitted
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import Access, check_may_enter
from chalicelib.handlers.api.endpoint import ENDPOINTS
from chalicelib.models.person import Person
from chalicelib.services import people, tokens
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA
from tests.integration.full_desk import BEA
from tests.integration.fuzzing import Found, fuzz
from tests.integration.fuzzing_desk import furnish, own
from tests.integration.wsgi import served

pytestmark = pytest.mark.usefixtures("cloud")

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
PHASES = {"examples", "coverage", "fuzzing", "stateful"}
BETWEEN = ("agent", "limited agent", "lead")
ROLES = {"requester": ROSA, "agent": ANA, "limited agent": BEA, "lead": LEA, "admin": ADA}


def fuzzed(actor: Actor | None) -> Found:
    things = furnish()
    ids = {**things.ids, "token_id": "none", "session_id": "none"}
    if actor:
        ids |= own(actor)
    token = tokens.issue(actor.id, "fuzz", MONDAY_9) if actor else None
    tried = (token, dataclasses.replace(things, ids=ids), EXAMPLES or 1)
    with served() as app:
        return fuzz(app, *tried, () if EXAMPLES else [*closed_to(actor), *covered(actor)])


def closed_to(actor: Actor | None) -> list[str]:
    """The operations that somebody is kept out of, whatever they send."""
    return [one.name for one in ENDPOINTS if not (actor and may_enter(actor, one.access))]


def covered(actor: Actor | None) -> list[str]:
    """Of who is between a requester and an admin, what those two are asked case by case."""
    if actor not in (ANA, BEA, LEA):
        return []
    return [one.name for one in ENDPOINTS if one.access in (Access.PERSON, Access.STAFF)]


def may_enter(actor: Actor, access: Access) -> bool:
    try:
        check_may_enter(people.actor_of(Person.get(actor.id)), access)
    except NotPermitted:
        return False
    return True


def told(found: Found) -> str:
    return "\n\n".join(f"{what}\n{story}" for what, story in found.faults.items())


@pytest.mark.parametrize(
    "role",
    ["requester", "admin", *(pytest.param(one, marks=pytest.mark.exhaustive) for one in BETWEEN)],
)
def test_nothing_breaks_and_every_answer_is_as_the_document_says(role: str) -> None:
    found = fuzzed(ROLES[role])
    assert not found.faults, told(found)
    assert {one for one, calls in found.phases.items() if calls} >= PHASES
    unreached = set(found.statuses) - found.reached
    assert role != "admin" or not unreached, {one: found.statuses[one] for one in unreached}


def test_nobody_gets_anywhere_but_to_what_is_for_everybody() -> None:
    found = fuzzed(None)
    assert not found.faults, told(found)
    assert {one for one, calls in found.phases.items() if calls} >= PHASES
    assert found.reached == {"GET /healthz"}
