"""Input that is well formed and still out to break something: odd dates, floods, half letters."""

import pytest

from tests.cast import ANA, ROSA
from tests.factories import a_ticket
from tests.integration.api import Api, a_request
from tests.integration.monitoring import connect, incidents, report, told

pytestmark = pytest.mark.usefixtures("cloud")

HALF_A_LETTER = "\ud800"
ODD_UNTILS = {
    "the first year": "0001-01-01T00:00:00Z",
    "after the last year, in UTC": "9999-12-31T23:59:59-12:00",
    "seconds since 1970": 1893456000,
    "no zone": "2026-11-24T09:00:00",
}
ODD_DELIVERIES = {
    "a start after the last year": {"startsAt": ODD_UNTILS["after the last year, in UTC"]},
    "a very long identity": {"fingerprint": "a" * 3000},
    "a very long title": {"annotations": {"summary": "x" * 500_000}},
    "half a letter in the identity": {"fingerprint": HALF_A_LETTER},
    "half a letter in the address": {"generatorURL": HALF_A_LETTER},
    "half a letter in the severity": {"labels": {"severity": HALF_A_LETTER}},
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


@pytest.mark.parametrize("fields", ODD_DELIVERIES.values(), ids=ODD_DELIVERIES)
def test_every_delivery_that_was_taken_becomes_an_incident_that_can_be_read(ana, fields):
    report(connect(), told("Disk", **fields))
    (ticket,) = incidents()
    assert ana.get(f"/tickets/{ticket.ticket_id}").status == 200
    assert ana.get(f"/tickets/{ticket.ticket_id}/timeline").status == 200


def test_an_alert_with_a_start_that_nobody_can_read_can_be_resolved():
    found = connect()
    report(found, told("Disk", startsAt="soon"))
    report(found, told("Disk", "resolved", startsAt="soon"))
    assert [ticket.status for ticket in incidents()] == ["resolved"]
