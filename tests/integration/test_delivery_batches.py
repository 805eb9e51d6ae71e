"""One delivery beside others in a batch: what it holds does not spoil theirs, nor its own."""

import json

import pytest

from chalicelib.adapters.monitoring import source_of
from chalicelib.services.alerts import receive
from tests import aws
from tests.cast import after
from tests.integration.monitoring import (
    body,
    connect,
    incident,
    incidents,
    post,
    report,
    send,
    told,
)

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture
def prometheus():
    return connect(storm_size=0)


def test_an_identity_twice_in_a_body_does_not_spoil_the_batch(prometheus):
    report(prometheus, told("Disk"))
    post(prometheus, body(told("Disk"), told("Disk")))
    post(prometheus, body(told("Fan")))
    assert receive(aws.queued("alerts"), after(minutes=1)) == []
    assert len(incidents()) == 2


def test_the_same_message_of_a_tool_twice_in_a_batch_does_not_spoil_it():
    events = connect("cloudevents")
    example = source_of("cloudevents").examples[0].delivery
    send(events, example.body, Content_Type="application/cloudevents+json")
    again = json.dumps({**json.loads(example.body), "id": "b7"}).encode()
    for _ in range(3):
        assert post(events, again, Content_Type="application/cloudevents+json").status == 202
    assert receive(aws.queued("alerts"), after(minutes=1)) == []
    assert incident().alert["count"] == 2


def test_the_end_of_a_problem_in_the_same_body_as_its_beginning_counts():
    found = connect("generic")
    alerts = [{"id": "disk", "title": "Disk", "status": word} for word in ("firing", "resolved")]
    send(found, json.dumps({"alerts": alerts}).encode())
    assert [one.status for one in incidents()] == ["resolved"]


def test_a_nagios_that_flaps_no_more_and_is_well_ends_its_incident():
    nagios = connect("nagios")
    examples = {one.name: one.delivery for one in nagios_examples()}
    send(nagios, unnumbered(examples["a full disk"].body, "d1"))
    flaps = {**json.loads(examples["a full disk"].body), "NOTIFICATIONTYPE": "FLAPPINGSTART"}
    send(nagios, unnumbered(json.dumps(flaps).encode(), "d2"), after(minutes=1))
    steady = examples["it flaps no more, and is well"].body
    send(nagios, unnumbered(steady, "d3"), after(minutes=5))
    assert incident().status == "resolved"


def nagios_examples():
    return source_of("nagios").examples


def unnumbered(sent: bytes, delivery_id: str) -> bytes:
    return json.dumps({**json.loads(sent), "delivery_id": delivery_id}).encode()


def test_an_id_of_a_message_that_is_too_long_for_a_key_does_not_spoil_the_batch():
    events = connect("cloudevents")
    example = source_of("cloudevents").examples[0].delivery
    send(events, example.body, Content_Type="application/cloudevents+json")
    long = json.dumps({**json.loads(example.body), "id": "b" * 3000}).encode()
    post(events, long, Content_Type="application/cloudevents+json")
    other = {**json.loads(example.body), "id": "c", "subject": "room-3"}
    post(events, json.dumps(other).encode(), Content_Type="application/cloudevents+json")
    assert receive(aws.queued("alerts"), after(minutes=1)) == []
    assert len(incidents()) == 2
