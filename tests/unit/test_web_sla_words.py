"""A deadline's working in words."""

from zoneinfo import ZoneInfo

from chalicelib.web import sla_words
from chalicelib.web.rendering import environment

LISBON = {"calendar": "lisbon@3", "calendar_name": "Lisbon office"}


def ran(start, stop=None, why="", seconds=3600, **more):
    return {"kind": "ran", "started_at": start, "stopped_at": stop, "why": why,
            "working_seconds": seconds, **LISBON, **more}  # fmt: skip


def rested(start, stop=None, why="pending"):
    return {**ran(start, stop, why, 0), "kind": "rested"}


def an_explanation(*stretches, **fields):
    target = {
        "kind": "resolution", "state": "running", "due_at": "2026-11-24T16:00:00Z",
        "met_at": None, "breached_at": None, "remaining_seconds": 25200, "used_seconds": 3600,
        "within_seconds": 28800, "override": None, "computed_due_at": "2026-11-24T16:00:00Z",
        "segments": list(stretches), **fields,
    }  # fmt: skip
    return {"targets": [target], "zone": "Europe/Lisbon", "next_step": None, "past": []}


def lines(found, zone=None):
    (told,) = sla_words.told(found, zone)
    return told["lines"]


def test_runs_and_pauses_are_told_with_their_reasons():
    found = an_explanation(
        ran("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z", "pending"),
        rested("2026-11-23T10:00:00Z", "2026-11-24T10:00:00Z"),
        ran("2026-11-24T10:00:00Z", seconds=0),
    )
    assert lines(found) == [
        "Ran Mon 23 Nov 09:00 to 10:00: 1 hour counted (Lisbon office hours, version 3).",
        "Paused Mon 23 Nov 10:00 to Tue 24 Nov 10:00: waiting for the requester. "
        "This time does not count.",
        "Runs since Tue 24 Nov 10:00: no time counted so far.",
        "Due Tue 24 Nov 16:00: 1 hour of 8 hours used, 7 hours left to work.",
    ]


def test_times_are_those_of_the_reader():
    assert "21:00" in lines(an_explanation(ran("2026-11-23T12:00:00Z")), ZoneInfo("Asia/Tokyo"))[0]


def test_a_change_of_hours_is_no_pause():
    found = an_explanation(ran("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z", "calendar"))
    assert lines(found)[0].endswith("Then the hours changed.")


def test_a_due_date_by_hand_says_who_and_why_and_what_it_replaces():
    hand_set = {"due_at": "2026-11-27T17:00:00Z", "set_at": "2026-11-23T09:00:00Z",
                "by": "Lea Moreau", "reason": "promised by phone"}  # fmt: skip
    found = an_explanation(ran("2026-11-23T09:00:00Z"), override=hand_set)
    assert lines(found)[1] == (
        "Set by hand to Fri 27 Nov 17:00 by Lea Moreau: “promised by phone”. "
        "The policy would say Tue 24 Nov 16:00."
    )


def test_verdicts_are_told_with_their_amount():
    met = {"met_at": "2026-11-23T10:00:00Z", "due_at": None}
    found = an_explanation(state="met", **met)
    assert lines(found) == ["In time: 1 hour of 8 hours used, at Mon 23 Nov 10:00."]
    late = an_explanation(state="breached", breached_at="2026-11-23T09:30:00Z", **met)
    assert lines(late)[0].startswith("Late: ")


def test_what_comes_next_is_told():
    step = {"target": "resolution", "step": "warned-75", "action": "warn",
            "at": "2026-11-24T14:00:00Z"}  # fmt: skip
    found = {**an_explanation(), "next_step": step}
    said = sla_words.in_zone(sla_words.upcoming(found), None)
    assert said.endswith(": a warning at 75 %, for “Solution”")
    assert sla_words.upcoming(an_explanation()) is None


def test_cycles_that_are_over_are_told_one_a_line():
    cycle = {"kind": "next_response", "cycle": 1, "verdict": "met", "tier": 1,
             "within_seconds": 3600, "used_seconds": 1200}  # fmt: skip
    left = {**cycle, "kind": "time_to_accept", "verdict": "none"}
    assert sla_words.past({"past": [cycle, left, {**cycle, "within_seconds": None}]}) == [
        "Next answer 1: in time, 20 minutes of 1 hour used",
        "Acceptance 1: left open when the ticket moved on from tier 1",
    ]


def test_a_page_shows_instants_as_times_and_nobodys_markup():
    line = sla_words.said("2026-11-23T09:00:00.000Z") + ": <b>mine</b>"
    shown = (
        environment()
        .from_string("{{ line|with_times }}")
        .render(line=line, now="2026-11-23T10:00:00Z")
    )
    assert 'datetime="2026-11-23T09:00:00Z"' in shown
    assert "&lt;b&gt;mine" in shown
