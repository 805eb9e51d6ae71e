"""Input that is well formed and still out to break something: odd dates, floods, half letters."""

import pytest

from tests.cast import ANA, ROSA
from tests.factories import a_ticket
from tests.integration.alertmanager import deliver, delivery, incidents
from tests.integration.api import Api, a_request

pytestmark = pytest.mark.usefixtures("alertmanager")

HALF_A_LETTER = "\ud800"
ODD_UNTILS = {
    "the first year": "0001-01-01T00:00:00Z",
    "after the last year, in UTC": "9999-12-31T23:59:59-12:00",
    "seconds since 1970": 1893456000,
    "no zone": "2026-11-24T09:00:00",
}
ODD_DELIVERIES = {
    "a start after the last year": delivery(
        "firing", startsAt=ODD_UNTILS["after the last year, in UTC"]
    ),
    "a very long identity": delivery("firing", "a" * 3000),
    "a very long title": delivery("firing", annotations={"summary": "x" * 500_000}),
    "half a letter in the identity": delivery("firing", HALF_A_LETTER),
    "half a letter in the address": delivery("firing", generatorURL=HALF_A_LETTER),
    "half a letter in the severity": delivery("firing", labels={"severity": HALF_A_LETTER}),
}


@pytest.fixture
def ana() -> Api:
    return Api(ANA)


def pointers(answer):
    assert answer.status == 422
    return [error["pointer"] for error in answer.json["errors"]]


@pytest.mark.parametrize("until", ODD_UNTILS.values(), ids=ODD_UNTILS)
def test_an_instant_is_text_of_our_time(ana, until):
    held = {"reason": "third_party", "until": until}
    path = f"/tickets/{a_ticket().ticket_id}/hold"
    assert pointers(ana.put(path, held, If_Match='"1"')) == ["/until"]
    away = {"status": "away", "until": until}
    assert pointers(ana.put("/people/me/availability", away)) == ["/until"]


def test_nothing_is_held_until_a_date_that_has_passed(ana):
    held = {"reason": "third_party", "until": "2020-01-01T00:00:00Z"}
    path = f"/tickets/{a_ticket().ticket_id}/hold"
    assert pointers(ana.put(path, held, If_Match='"1"')) == ["/until"]


def test_a_locale_is_short():
    asked = {"email": ROSA.email, "locale": "en" + "-abcdefgh" * 20_000}
    answer = Api(ROSA).post("/tickets", a_request(requester=asked))
    assert pointers(answer) == ["/requester/locale"]


def test_a_requester_cannot_file_as_monitoring():
    answer = Api(ROSA).post("/tickets", a_request(channel="monitoring"))
    assert pointers(answer) == ["/channel"]


@pytest.mark.parametrize("body", ODD_DELIVERIES.values(), ids=ODD_DELIVERIES)
def test_every_delivery_that_was_taken_becomes_an_incident_that_can_be_read(ana, body):
    deliver(body)
    (ticket,) = incidents()
    assert ana.get(f"/tickets/{ticket.ticket_id}").status == 200
    assert ana.get(f"/tickets/{ticket.ticket_id}/timeline").status == 200


def test_an_alert_with_a_start_that_nobody_can_read_can_be_resolved():
    deliver(delivery("firing", startsAt="soon"))
    deliver(delivery("resolved", startsAt="soon"))
    assert [ticket.status for ticket in incidents()] == ["resolved"]
