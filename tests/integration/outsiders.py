"""A group from outside the desk, and what the tests of the API about staffing share."""

from typing import Any

from chalicelib.domain.people import Actor
from chalicelib.domain.vocabulary import Role
from chalicelib.services import desk_settings
from tests.cast import ADA, MONDAY_9
from tests.factories import employ
from tests.integration.api import Answer, Api

FIELD = {"id": "field", "name": "Field engineers", "outside": True, "dedicated": True}
FIA = Actor("P-FIA", "Fia Lund", Role.AGENT, "fia@partner.example", "field", outside=True)


def outsider(**profile: Any) -> Api:
    """Speaks for one of the outside group."""
    desk_settings.put_team(FIELD, ADA, MONDAY_9)
    api = Api(FIA)
    employ(FIA, tiers=[1], team="field", **profile)
    return api


def pointers(answer: Answer) -> list[str]:
    """Where a refused body is wrong."""
    assert answer.status == 422, answer.body
    return [one["pointer"] for one in answer.json["errors"]]
