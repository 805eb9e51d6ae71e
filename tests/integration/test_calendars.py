"""Policies with business hours: stored as versions, and kept by the tickets opened under them."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from chalicelib.cli import __main__ as cli
from chalicelib.domain import sla
from chalicelib.domain.errors import Invalid
from chalicelib.domain.policies import STANDARD
from chalicelib.domain.vocabulary import Level, Target
from chalicelib.models.setting import Setting
from chalicelib.services import conversations, reading, settings, sla_settings
from tests.cast import ADA, ANA, MONDAY_9, ROSA
from tests.factories import a_ticket, clock_of, kinds_of, now_of, put_policy
from tests.integration.lambdas import sweep

pytestmark = pytest.mark.usefixtures("cloud")

DAY = [["09:00", "12:30"], ["13:30", "18:00"]]
OFFICE = {
    "id": "lisbon",
    "name": "Lisbon office",
    "zone": "Europe/Lisbon",
    "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), DAY),
    "holidays": ["2026-12-01"],
    "openings": {},
}
FRIDAY_17 = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)  # Lisbon is on UTC in winter


@pytest.fixture(autouse=True)
def office(cloud: None) -> None:
    sla_settings.put_calendar(OFFICE, ADA, MONDAY_9)
    put_policy(calendar="lisbon")


def urgent(now: datetime):
    return a_ticket(ROSA, now, impact=Level.HIGH, urgency=Level.MEDIUM)  # P2: 30 min, 8 h


def deadlines(ticket) -> list[datetime | None]:
    """Of the first response and the resolution."""
    kinds = (Target.FIRST_RESPONSE, Target.RESOLUTION)
    return [sla.due_at(clock_of(ticket, kind)) for kind in kinds]


def test_a_deadline_skips_the_night_the_lunch_and_the_week_end():
    first, resolution = deadlines(urgent(FRIDAY_17 + timedelta(minutes=45)))
    assert first == datetime(2026, 11, 30, 9, 15, tzinfo=UTC)
    assert resolution == datetime(2026, 11, 30, 17, 45, tzinfo=UTC)


def test_a_deadline_skips_a_holiday():
    monday_17 = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)
    first, resolution = deadlines(urgent(monday_17))
    assert first == datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
    assert resolution == datetime(2026, 12, 2, 17, 30, tzinfo=UTC)


def test_the_sweep_does_nothing_while_the_office_is_closed():
    ticket = urgent(FRIDAY_17 + timedelta(minutes=59))
    sweep(datetime(2026, 11, 29, 23, 0, tzinfo=UTC))
    assert kinds_of(ticket) == ["opened"]
    sweep(datetime(2026, 11, 30, 9, 30, tzinfo=UTC))
    assert kinds_of(ticket)[-2:] == ["sla_breached", "escalated"]


def test_an_answer_after_closing_time_and_before_the_next_opening_is_in_time():
    ticket = urgent(FRIDAY_17 + timedelta(minutes=40))
    conversations.reply(ticket.ticket_id, "On it.", ANA, FRIDAY_17 + timedelta(hours=20))
    assert sla.state(clock_of(ticket, Target.FIRST_RESPONSE)) == "met"


def test_an_open_ticket_keeps_its_calendars_version_until_it_is_recomputed():
    ticket = urgent(FRIDAY_17 + timedelta(minutes=45))
    before = deadlines(ticket)
    sla_settings.put_calendar({**OFFICE, "holidays": ["2026-11-30"]}, ADA, MONDAY_9)
    assert deadlines(ticket) == before
    assert deadlines(urgent(FRIDAY_17 + timedelta(minutes=45))) != before
    assert settings.calendar("lisbon").version == 2


def test_a_missing_calendar_never_refuses_a_request():
    gone = {**STANDARD.to_data(), "version": 3, "calendar": "gone"}
    settings.put(settings.POLICY, STANDARD.id, gone)
    ticket = urgent(FRIDAY_17)
    assert now_of(ticket).sla["calendar"] == "24x7"
    assert deadlines(ticket)[0] == FRIDAY_17 + timedelta(minutes=30)


def test_a_bad_calendar_is_refused_with_its_field():
    with pytest.raises(Invalid) as refused:
        sla_settings.put_calendar({**OFFICE, "zone": "Mars/Olympus"}, ADA, MONDAY_9)
    assert [error.pointer for error in refused.value.errors] == ["/zone"]


def test_operators_store_and_read_them_on_the_command_line(tmp_path):
    file = tmp_path / "office.json"
    file.write_text(json.dumps({**OFFICE, "id": "porto", "name": "Porto"}))
    stored = CliRunner().invoke(cli.app, ["sla", "put-calendar", str(file)])
    assert "porto is at version 1" in stored.output
    listed = CliRunner().invoke(cli.app, ["sla", "calendars"])
    assert all(name in listed.output for name in ("24x7", "lisbon", "porto"))
    assert "lisbon" in CliRunner().invoke(cli.app, ["sla", "policies"]).output
    file.write_text("{")
    assert CliRunner().invoke(cli.app, ["sla", "put-calendar", str(file)]).exit_code == 2


def test_a_calendar_that_never_opens_again_leaves_a_ticket_without_a_deadline():
    past = {**OFFICE, "weekly": {}, "openings": {"2026-11-24": [["09:00", "10:00"]]}}
    sla_settings.put_calendar(past, ADA, MONDAY_9)
    ticket = urgent(FRIDAY_17)
    assert deadlines(ticket) == [None, None]
    assert kinds_of(ticket) == ["opened"]


def test_the_explanation_tells_whether_the_office_is_open_and_when_it_opens():
    ticket = urgent(FRIDAY_17)
    saturday = FRIDAY_17 + timedelta(days=1)
    closed = reading.explain(ticket.ticket_id, ANA, saturday)
    assert (closed["calendar"], closed["calendar_version"]) == ("lisbon", 1)
    assert closed["open_now"] is False
    assert closed["next_opening_at"] == "2026-11-30T09:00:00.000Z"
    assert closed["targets"][0]["used_seconds"] == 3600
    assert reading.explain(ticket.ticket_id, ANA, FRIDAY_17)["open_now"] is True


def test_a_version_that_another_process_just_stored_is_found():
    settings.calendars()  # kept from here on
    newer = {**OFFICE, "version": 2, "holidays": ["2026-11-30"]}
    Setting(settings.version_kind(settings.CALENDAR), "lisbon@2", data=newer).save()
    assert settings.calendar("lisbon", 2).version == 2
    assert settings.calendar("lisbon", 3).id == "24x7"
