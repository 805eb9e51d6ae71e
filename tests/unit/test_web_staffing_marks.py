"""Presence, bands, hand-over notes and the figures of the queues, as a page shows them."""

from datetime import UTC, datetime

import pytest

from chalicelib.web import bands, briefs, presence, queue_marks, rendering, sla_words

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SOON, PAST = "2026-11-23T10:15:00Z", "2026-11-23T09:00:00Z"
ANA = {"id": "P-ANA", "name": "Ana Costa"}
BEN = {"id": "P-BEN", "name": "Ben Ito"}


def snippet(source, **context):
    given = {**rendering.DEFAULTS, "now": NOW, **context}
    return rendering.environment().from_string(source).render(given)


@pytest.mark.parametrize(
    ("person", "words", "tone", "until"),
    [
        ({"availability": "available"}, "Available", "ok", None),
        ({"availability": "busy", "away_until": SOON}, "Busy", "warn", SOON),
        ({"availability": "away", "away_until": SOON}, "Away", "off", SOON),
        ({"availability": "away", "away_until": PAST}, "Available", "ok", None),
        ({"availability": "out_of_office"}, "Out of office", "off", None),
        ({"availability": "available", "on_shift": False}, "Off shift", "off", None),
        ({"availability": "away", "on_shift": False}, "Away", "off", None),
        ({"availability": "available", "on_shift": None}, "Available", "ok", None),
        ({}, "Available", "ok", None),
    ],
)
def test_presence_is_what_was_said_until_it_is_over(person, words, tone, until):
    seen = presence.presence(person, NOW)
    assert (seen["words"], seen["tone"], seen["until"]) == (words, tone, until)


@pytest.mark.parametrize(
    ("held", "most", "used", "tone"),
    [(0, 8, 0, "ok"), (5, 8, 0.625, "ok"), (6, 8, 0.75, "warn"), (8, 8, 1, "bad"),
     (11, 8, 1, "bad"), (0, 0, 1, "bad"), (None, 8, 0, "ok")],
)  # fmt: skip
def test_a_load_is_a_share_that_is_never_more_than_whole(held, most, used, tone):
    seen = presence.load({"load": held, "capacity": most})
    assert (seen["used"], seen["tone"]) == (used, tone)
    assert seen["words"] == f"{held or 0} of {most}"


def test_a_load_says_nothing_of_those_who_get_no_tickets():
    assert not presence.carries({"tiers": [], "load": 0})
    assert presence.carries({"tiers": [1], "load": 0})
    assert presence.carries({"tiers": [], "load": 2})


def entry(kind, **data):
    return {"kind": kind, "by": BEN, "data": data}


def test_a_ticket_that_waits_for_staff_says_the_newest_reason():
    ticket = {"unstaffed_since": PAST, "expected_at": SOON}
    seen = bands.bands(ticket, [entry("unstaffed", why="1 full"), entry("note", body="x"),
                                entry("unstaffed", why="2 off shift")], "P-ANA")  # fmt: skip
    assert seen["unstaffed"] == {"since": PAST, "why": "2 off shift", "expected_at": SOON}
    assert (seen["offered"], seen["called"]) == (None, None)


def test_a_call_names_whom_it_called_last_and_who_comes_then():
    page = {"step": 1, "called": ["P-ANA", "P-BEN"], "at": PAST, "ack_by": SOON}
    seen = bands.called({"page": page}, [entry("paged", to=[ANA]), entry("paged", to=[BEN])],
                        "P-ANA")  # fmt: skip
    assert (seen["names"], seen["then"], seen["mine"]) == ("Ben Ito", "the leads", True)
    assert bands.called({"page": {**page, "step": 3}}, [], "P-X")["then"] is None


def test_what_somebody_has_to_accept_is_theirs_or_anothers():
    ticket = {"accept_by": SOON, "assignee": ANA}
    assert bands.offered(ticket, "P-ANA")["mine"]
    assert not bands.offered(ticket, "P-BEN")["mine"]
    assert bands.offered({**ticket, "assignee": None}, "P-ANA") is None


def test_a_hand_over_note_is_of_who_left_with_how_things_stood():
    left = briefs.brief(entry(
        "handed_over", **{"from": ANA, "note": "Careful.", "priority": "P1", "status": "on_hold",
                          "due_at": SOON, "last": {"kind": "reply", "by": "Omar", "at": PAST}},
    ))  # fmt: skip
    assert left["by"] == ANA
    assert left["body"] == "Careful."
    assert left["facts"] == ["P1, on hold", "due ⟦2026-11-23T10:15:00Z⟧",
                             "last: reply by Omar, ⟦2026-11-23T09:00:00Z⟧"]  # fmt: skip


def test_without_a_note_only_a_hand_over_leaves_something():
    assert briefs.brief(entry("assigned", assignee=ANA)) is None
    assert briefs.brief(entry("transferred", tier=2, note="")) is None
    assert briefs.brief(entry("note", body="x", note="x")) is None
    assert briefs.brief(entry("transferred", tier=2, note="Why"))["by"] == BEN
    assert briefs.brief(entry("handed_over", **{"from": ANA}))["facts"] == [
        "nobody has answered yet"
    ]


@pytest.mark.parametrize("text", ["⟦2026-99-99T99:99:99Z⟧", "⟦0000-01-01T00:00:00Z⟧",
                                  "⟦9999-12-31T23:59:59Z⟧"])  # fmt: skip
def test_marks_of_time_that_somebody_typed_break_no_page(text):
    assert text.strip("⟦⟧") in snippet("{{ line|with_times }}", line=f"Why: {text}")
    assert sla_words.in_zone(text, UTC) == text


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-23T18:00:00Z", "18:00"),
        ("2026-11-24T08:30:00Z", "Tue 08:30"),
        ("2026-11-28T08:30:00Z", "Sat 08:30"),
        ("2026-12-07T08:30:00Z", "7 Dec 2026, 08:30"),
    ],
)
def test_what_is_to_come_is_said_by_hour_weekday_or_date(at, words):
    assert f">{words}<" in snippet("{{ at|coming_time }}", at=at, person={"time_zone": "UTC"})


def a_queue(**numbers):
    return {"tier": 1, "open": 9, "waiting": 4, "unstaffed": 1, "breached": 2,
            "due_within_hour": 3, **numbers}  # fmt: skip


def somebody(name="Ana", **facts):
    given = {"name": name, "tiers": [1], "availability": "available", "on_shift": True,
             "load": 2, "capacity": 8}  # fmt: skip
    return queue_marks.line({**given, **facts}, NOW)


def test_the_figures_add_up_the_tiers_and_shine_only_where_something_is_wrong():
    people = [somebody(), somebody("Ben", on_shift=False), somebody("Chi", availability="busy")]
    found = queue_marks.figures([a_queue(), a_queue(tier=2, breached=0)], people)
    assert [(one["value"], one["tone"]) for one in found] == [
        (8, ""), (2, "bad"), (2, "bad"), (6, "warn"), (2, "")
    ]  # fmt: skip
    assert found[-1]["words"] == "of 3; room for 12"
    calm = queue_marks.figures([a_queue(unstaffed=0, breached=0, due_within_hour=0)], [])
    assert {one["tone"] for one in calm} == {""}


def test_a_tier_shows_its_own_people_who_are_there_and_who_are_not():
    people = [somebody(), somebody("Ben", availability="away"), somebody("Chi", tiers=[2])]
    card = queue_marks.card(a_queue(), people)
    assert [one["name"] for one in card["here"]["shown"]] == ["Ana"]
    assert [one["name"] for one in card["gone"]["shown"]] == ["Ben"]
    assert card["pieces"] == [(4, "ok"), (3, "warn"), (2, "bad")]


def test_who_has_most_room_comes_first():
    people = [somebody("Full", load=8), somebody("Free", load=0), somebody("Also free", load=0)]
    assert [one["name"] for one in queue_marks.in_order(people)] == ["Also free", "Free", "Full"]
