"""What an operator does with the queues."""

import json

import pytest

from chalicelib.adapters import queues
from chalicelib.domain.errors import NotFound
from chalicelib.services import operations
from tests import aws

pytestmark = pytest.mark.usefixtures("cloud")


def test_dead_letters_go_through_their_queue_again():
    letters = [{"ticket_id": f"HD-{number}"} for number in range(12)]
    for letter in letters:
        queues.send_text("notifications-dead", json.dumps(letter))
    assert depth_of("notifications")["dead"] == 12
    assert len(list(operations.redrive("notifications"))) == 12
    assert depth_of("notifications")["dead"] == 0
    assert sorted(map(str, aws.queued("notifications"))) == sorted(map(str, letters))


def test_every_queue_and_the_relay_are_counted():
    names = [row["queue"] for row in operations.depths()]
    assert names == [*queues.NAMES, "relay"]


def test_an_unknown_queue_is_refused_with_those_there_are():
    with pytest.raises(NotFound, match="tier1"):
        operations.redrive("tier9")


def depth_of(queue: str) -> dict:
    return next(row for row in operations.depths() if row["queue"] == queue)
