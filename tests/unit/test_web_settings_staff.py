"""Settings of who answers, in words and forms: round trips, sentences, and drawings."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import on_call, on_call_checks, routing, teams
from chalicelib.domain.assignment import Candidate, Strategy
from chalicelib.domain.coverage import Stretch, Worker
from chalicelib.domain.errors import FieldError, Invalid
from chalicelib.domain.on_call import Override, Rotation
from chalicelib.domain.routing import DEFAULT, Rule
from chalicelib.domain.teams import REASONS, Team
from chalicelib.domain.vocabulary import Availability, Channel, Priority, TicketType
from chalicelib.web import (
    coverage_marks,
    member_form,
    member_page,
    on_call_data,
    on_call_form,
    on_call_marks,
    rule_form,
    rule_words,
    team_form,
)
from chalicelib.web.duty_chart import duty
from chalicelib.web.settings_forms import moved
from chalicelib.web.skill_lines import skill_lines, skills_of
from chalicelib.web.team_page import hand_over_words

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NAMES = {"P-A": "Ana", "P-B": "Ben"}
TURNS = Rotation("nights", "Nights", 2, "UTC", ("P-A", "P-B"), "2026-11-23")
words = st.text("abc xyz-é", min_size=1, max_size=12).map(str.strip).filter(bool)
priorities = st.lists(st.sampled_from(Priority), unique=True).map(sorted)


def form_of(model, typed):
    return model.model_validate_strings({name: text for name, text in typed.items() if text})


@given(st.dictionaries(words.map(lambda one: " ".join(one.split())), st.integers(1, 5)))
def test_skills_in_their_lines_are_the_same_skills(skills):
    assert skills_of(skill_lines(skills)) == skills


def test_skills_keep_what_is_no_level_for_the_domain_to_refuse():
    assert skills_of("network  3\n\n Point of sale 12 \nsap\n7") == {
        "network": 3, "Point of sale": 12, "sap": "", "7": "",
    }  # fmt: skip
    with pytest.raises(Invalid, match="“sap” is there twice"):
        skills_of("sap 1\nsap 2")


@given(
    hand_over=st.fixed_dictionaries(dict.fromkeys(REASONS, priorities)),
    strategy=st.sampled_from(Strategy), short_break=st.integers(0, 1440),
    dedicated=st.booleans(), outside=st.booleans(),
)  # fmt: skip
def test_a_team_in_its_editor_is_the_same_team(**fields):
    team = Team("t", "Team", **fields)
    data = team_form.data_of(form_of(team_form.TeamForm, team_form.filled(team)))
    assert teams.check(data) == []
    assert Team.from_data(data) == team


@pytest.mark.parametrize(
    ("hand_over", "sentence"),
    [
        ({}, "Nothing moves on when somebody goes: their tickets wait for them."),
        ({"shift_end": ["P1"]}, "P1 moves on at the end of a shift. All else waits for them."),
        ({"shift_end": ["P2", "P1"], "out_of_office": ["P1", "P2"], "away": ["P1"]},
         "P1 and P2 move on at the end of a shift and when out of office; "
         "P1 moves on when away for more than 1 minute. All else waits for them."),
        ({"out_of_office": list(Priority)},
         "Everything moves on when out of office. All else waits for them."),
    ],
)  # fmt: skip
def test_what_a_team_hands_over_reads_as_a_sentence(hand_over, sentence):
    assert hand_over_words(Team("t", "T", hand_over=hand_over, short_break=1)) == sentence


lists = st.lists(words, min_size=1, max_size=3, unique=True)
conditions = st.fixed_dictionaries({}, optional={
    "priority": st.just(["P2"]), "type": st.just([TicketType.CHANGE.value]),
    "channel": st.just([Channel.CHAT.value]), "tag": lists, "language": lists, "text": lists,
})  # fmt: skip


@given(conditions=conditions, tier=st.integers(1, 3), team=st.sampled_from([None, "net"]),
       skills=st.dictionaries(st.sampled_from(["network", "card reader"]), st.integers(1, 5)),
       priority=st.sampled_from([None, "P1"]))  # fmt: skip
def test_a_rule_in_its_editor_is_the_same_rule(**fields):
    rule = Rule("r", "Rule", **fields)
    data = rule_form.data_of(form_of(rule_form.RuleForm, rule_form.filled(rule)))
    assert routing.check(data, ["net"]) == []
    assert Rule.from_data(data) == rule


def test_a_rule_reads_as_a_sentence():
    rule = Rule("r", "R", conditions={"text": ["till", "card", "pay"], "type": ["incident"]},
                tier=2, team="net", skills={"network": 3}, priority="P2")  # fmt: skip
    assert rule_words.when(rule) == "type is incident and text contains “till”, “card” or “pay”"
    goal = rule_words.goal(rule.to_data(), {"net": "Networks"})
    assert goal["words"] == "Tier 2, team Networks, skill network at least 3, P2"
    assert rule_words.when(DEFAULT) == "no other rule is for it"
    assert rule_words.goal(DEFAULT.to_data(), {})["words"] == "Tier 1"


def test_what_moves_stays_within_the_list():
    assert moved(["a", "b", "c"], "c", -1) == ["a", "c", "b"]
    assert moved(["a", "b"], "a", -1) == moved(["a", "b"], "x", 1) == ["a", "b"]


@given(hours=st.lists(st.integers(1, 100), min_size=0, max_size=8), seconds=st.integers(60, 86400),
       zone=st.sampled_from(["UTC", "Europe/Lisbon", "Asia/Kathmandu"]))  # fmt: skip
def test_a_rotation_in_its_editor_is_the_same_rotation(hours, seconds, zone):
    instants = [NOW + timedelta(hours=sum(hours[:count])) for count in range(1, len(hours) + 1)]
    texts = [at.strftime("%Y-%m-%dT%H:%M:%S.000Z") for at in instants]
    swaps = tuple(Override("P-B", *pair) for pair in zip(texts[::2], texts[1::2], strict=False))
    one = replace(TURNS, zone=zone, overrides=swaps, acknowledge_within=seconds)
    typed = on_call_form.filled(one, "UTC", NOW)
    data = on_call_data.data_of(form_of(on_call_form.OnCallForm, typed), one, NOW)
    assert on_call_checks.check(data, NAMES, ["mail"]) == []
    assert Rotation.from_data(data) == one


def test_every_refusal_of_a_rotation_finds_a_field():
    typed = {"person1": "P-A", "person4": "P-B", "over2_person": "P-A", "over5_person": "P-B",
             "over5_gone": "yes", "over7_ends": "x"}  # fmt: skip
    asked = form_of(on_call_form.OnCallForm, typed)
    pointers = {
        "/people": "person0", "/people/1": "person4", "/overrides/0/person": "over2_person",
        "/overrides/1": "over7_starts", "/overrides/1/ends": "over7_ends", "/zone": "zone",
        "/acknowledge_within": "within", "/overrides": "form", "/nonsense": "form", "": "form",
    }  # fmt: skip
    for pointer, field in pointers.items():
        found = on_call_data.fields_of([FieldError(pointer, "x")], asked, None, NOW)
        assert list(found) == [field]


def test_minutes_and_spans_to_acknowledge_are_both_understood():
    found = [on_call_data.seconds_within(text) for text in ("5", "5m", "1h 30m", "soon", "")]
    assert found == [300, 300, 5400, "soon", ""]


def test_a_week_of_on_call_is_drawn_by_the_wall_clock():
    late = replace(TURNS, zone="Europe/Lisbon", starts="2026-10-19")
    drawn = on_call_marks.week(late, date(2026, 10, 19), NAMES, NOW)  # the clock goes back
    assert [(one["name"], round(one["x"], 2), round(one["width"], 2))
            for one in drawn["pieces"]] == [("nobody", 0, 5.36), ("Ana", 5.36, 94.64)]  # fmt: skip
    assert drawn["now"] is None
    this = on_call_marks.week(TURNS, date(2026, 11, 23), NAMES, NOW)
    assert this["now"] == pytest.approx(100 * 9 / 168)


def test_turns_of_one_person_are_told_as_one():
    alone = replace(TURNS, people=("P-A",), turn_days=1)
    card = on_call_marks.card(alone, on_call.on_call(alone, NOW), NAMES, NOW)
    assert [one["name"] for one in card["listed"]] == ["Ana"]
    assert (card["next"], card["backup"]) == (None, None)
    assert "Turns of 1 day" in card["words"]


def test_a_drawn_week_takes_no_markup_for_words_and_uses_no_inline_style():
    hostile = '"><script>alert(1)</script>'
    drawn = duty(on_call_marks.week(TURNS, date(2026, 11, 30), {"P-A": hostile}, NOW))
    assert "<script>" not in drawn and "style" not in drawn
    assert 'class="turn gone"' in drawn  # Ben is not there any more


def test_a_gap_that_does_not_end_says_so():
    end = NOW + timedelta(days=7)
    gaps = [Stretch(NOW, NOW + timedelta(hours=9), 0), Stretch(NOW + timedelta(days=5), end, 0)]
    said = [coverage_marks.in_words(one, "Europe/Paris", NOW, end) for one in gaps]
    assert said == ["now – Mon 19:00", "Sat 10:00 – the end of these days"]
    assert coverage_marks.badge(gaps) == ("bad", "57 h without anybody")
    minutes = Stretch(NOW, NOW + timedelta(minutes=9.5), 0)
    assert coverage_marks.badge([minutes]) == ("bad", "9 min without anybody")
    assert coverage_marks.badge([]) == ("ok", "always somebody")


def test_a_picture_has_seven_days_of_24_hours_in_shades():
    picture = coverage_marks.picture("Tier 1", [Worker(), Worker()], "Asia/Tokyo", NOW)
    assert [len(one["cells"]) for one in picture["days"]] == [24] * 7
    assert picture["days"][0]["day"] == NOW.astimezone(ZoneInfo("Asia/Tokyo")).date()
    assert {cell["shade"] for day in picture["days"] for cell in day["cells"]} == {"s4"}
    assert [cell["now"] for cell in picture["days"][0]["cells"]].index(True) == 18
    shades = [coverage_marks.shade(people, 8) for people in range(9)]
    assert shades == ["s0", "s1", "s1", "s2", "s2", "s3", "s3", "s4", "s4"]


@pytest.mark.parametrize(
    ("load", "capacity", "tone"),
    [(0, 8, "ok"), (5, 8, "ok"), (6, 8, "warn"), (8, 8, "bad"), (9, 8, "bad"), (0, 0, "off"),
     (1, 0, "bad")],
)  # fmt: skip
def test_a_load_warns_before_it_is_full(load, capacity, tone):
    assert member_page.load_tone(load, capacity) == tone


def test_what_somebody_said_is_over_when_its_time_is():
    person = {"team": None, "branch": "lx", "shift": None, "away_until": "2026-11-23T08:00:00.000Z",
              "substitute": "P-B", "note": "Later", "languages": ["pt"], "skills": {"sap": 2},
              "load": 4, "capacity": 8, "availability": "out_of_office"}  # fmt: skip
    names = {"team": {}, "branch": {"lx": "Lisboa"}, "shift": {}, "person": NAMES}
    back = member_page.row(person, Candidate("P-A", "Ana"), names)
    assert (back["standing"], back["until"], back["stand_in"], back["note"]) == (
        "Available", None, None, None,
    )  # fmt: skip
    gone = Candidate("P-A", "Ana", availability=Availability.OUT_OF_OFFICE)
    away = member_page.row(person, gone, names)
    assert (away["standing"], away["stand_in"], away["branch_name"]) == (
        "Out of office", "Ben", "Lisboa",
    )  # fmt: skip
    assert (away["speaks"], away["can"], away["share"]) == ("Portuguese", "sap 2", 0.5)


def test_every_refusal_of_a_person_finds_a_field():
    pointers = {
        "/email": "email", "/tiers": "tiers", "/skills/a~1b": "skills", "/skills": "skills",
        "/zone": "zone", "/time_zone": "zone", "/until": "until", "/locale": "form",
    }  # fmt: skip
    for pointer, field in pointers.items():
        assert list(member_form.fields_of([FieldError(pointer, "x")])) == [field]
