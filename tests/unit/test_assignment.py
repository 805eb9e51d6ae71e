"""Who gets a ticket, and why: on shift, available, able, with room; then the best of those."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.assignment import (
    Candidate,
    Choice,
    Need,
    Strategy,
    choose,
    hindrance,
    kept_for,
)
from chalicelib.domain.vocabulary import Availability, Priority, Status
from chalicelib.domain.workload import WEIGHTS, has_room, weight_of
from tests.cast import MONDAY_9

TIER_1 = Need(1)


def one(name: str, **facts) -> Candidate:
    return Candidate(name.lower(), name, **facts)


def chosen(candidates: list[Candidate], need: Need = TIER_1, strategy=Strategy.LOAD_BALANCED):
    found = choose(candidates, need, strategy).candidate
    return found.name if found else None


def test_the_least_loaded_gets_it():
    assert chosen([one("Ana", load=3), one("Ben", load=1)]) == "Ben"


def test_the_load_counts_in_proportion_to_the_capacity():
    assert chosen([one("Ana", load=3, capacity=20), one("Ben", load=2, capacity=4)]) == "Ana"


def test_of_equals_the_longest_idle_gets_it_and_who_never_had_one_before_all():
    hour = timedelta(hours=1)
    ana, ben = one("Ana", assigned_at=MONDAY_9), one("Ben", assigned_at=MONDAY_9 - hour)
    assert chosen([ana, ben]) == "Ben"
    assert chosen([ana, ben, one("Chi")]) == "Chi"


def test_equals_in_everything_are_told_apart_the_same_way_each_time():
    assert chosen([one("Ben"), one("Ana")]) == chosen([one("Ana"), one("Ben")]) == "Ana"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"tiers": frozenset({2})}, "nobody works in tier 1"),
        ({"takes_any": False, "team": "field"}, "nobody works in tier 1"),
        ({"on_shift": False}, "1 off shift"),
        ({"availability": Availability.AWAY}, "1 away or busy"),
        ({"availability": Availability.BUSY}, "1 away or busy"),
        ({"availability": Availability.OUT_OF_OFFICE}, "1 away or busy"),
        ({"load": 8}, "1 full"),
        ({"capacity": 0}, "1 full"),
    ],
)
def test_who_cannot_take_it_does_not_and_the_reason_is_said(facts, why):
    assert choose([one("Ana", **facts)], TIER_1) == Choice(None, why)


def test_the_reasons_are_counted():
    crowd = [one("Ana", on_shift=False), one("Ben", load=8), one("Chi", on_shift=False)]
    assert choose(crowd, TIER_1).reason == "2 off shift, 1 full"


def test_the_choice_is_explained():
    chi = one("Chi", place="Lisbon", languages=("en", "fr"), load=3)
    need = Need(1, language="fr")
    assert choose([chi], need).reason == "Chi: on shift in Lisbon, speaks French, 3 of 8"
    assert choose([one("Ana", load=2)], TIER_1).reason == "Ana: available, 2 of 8"


def test_a_skill_is_needed_at_its_level_and_the_best_at_it_comes_first():
    need = Need(1, skills={"network": 3})
    able, expert = one("Ana", skills={"network": 3}), one("Ben", skills={"network": 5}, load=4)
    assert chosen([one("Chi", skills={"network": 2}), one("Dev")], need) is None
    assert chosen([able, expert], need) == "Ben"


def test_a_language_is_needed_where_somebody_speaks_it():
    need = Need(1, language="fr")
    english, french = one("Ana", languages=("en",)), one("Ben", languages=("fr",), on_shift=False)
    assert chosen([english, french], need) is None  # Ben speaks it, and will come
    assert chosen([english], need) == "Ana"  # waiting would bring nobody


def test_who_has_not_said_what_they_speak_comes_after_who_has():
    need = Need(1, language="fr")
    assert chosen([one("Ana"), one("Ben", languages=("fr",), load=5)], need) == "Ben"
    assert chosen([one("Ana")], need) == "Ana"


def test_a_teams_ticket_goes_to_the_team_and_to_all_where_the_tier_has_none_of_it():
    need = Need(1, team="orders")
    ana = one("Ana", team="orders", takes_any=False, load=7)
    assert chosen([one("Ben"), ana], need) == "Ana"
    assert chosen([one("Ben"), replace(ana, on_shift=False)], need) is None
    assert chosen([one("Ben"), replace(ana, tiers=frozenset({2}))], need) == "Ben"


def test_who_is_for_another_teams_tickets_only_gets_no_others():
    assert chosen([one("Ana", team="field", takes_any=False)]) is None


def test_who_knows_the_requester_comes_before_who_has_less_to_do():
    need = Need(1, prefer=("ben",))
    assert chosen([one("Ana"), one("Ben", load=6)], need) == "Ben"
    assert chosen([one("Ana"), one("Ben", load=8)], need) == "Ana"
    assert "knows the requester" in choose([one("Ben")], need).reason


def test_a_walk_in_goes_to_its_own_branch_first():
    need = Need(1, walk_in_at="lyon")
    assert chosen([one("Ana"), one("Ben", branch="lyon", load=5)], need) == "Ben"


def test_who_did_not_accept_it_comes_last_but_gets_it_if_there_is_nobody_else():
    need = Need(1, lost_by=("ana",))
    assert chosen([one("Ana"), one("Ben", load=7)], need) == "Ben"
    assert chosen([one("Ana")], need) == "Ana"


def test_who_gave_it_back_does_not_get_it_again():
    assert choose([one("Ana")], Need(1, not_to=frozenset({"ana"}))) == Choice(
        None, "1 gave it back"
    )


def test_in_turn_means_whoever_waited_longest_whatever_they_have():
    hour = timedelta(hours=1)
    busy, fresh = one("Ana", load=7, assigned_at=MONDAY_9 - hour), one("Ben", assigned_at=MONDAY_9)
    assert chosen([busy, fresh], strategy=Strategy.ROUND_ROBIN) == "Ana"
    assert chosen([busy, fresh]) == "Ben"


def test_an_urgent_ticket_weighs_more_and_a_finished_one_nothing():
    assert weight_of(Status.OPEN, Priority.P1) == 3
    assert weight_of(Status.ON_HOLD, Priority.P4) == 1
    assert weight_of(Status.RESOLVED, Priority.P1) == 0
    assert set(WEIGHTS) == set(Priority)


def test_who_has_nothing_takes_a_ticket_that_is_heavier_than_their_capacity():
    assert has_room(0, 1, 3)
    assert not has_room(1, 3, 3)
    assert not has_room(0, 0, 1)


people = st.lists(
    st.builds(
        Candidate,
        id=st.text("abcdef", min_size=1, max_size=3),
        name=st.just("Somebody"),
        availability=st.sampled_from(Availability),
        capacity=st.integers(0, 9),
        load=st.integers(0, 9),
        on_shift=st.booleans(),
        skills=st.dictionaries(st.sampled_from(["network", "till"]), st.integers(1, 5)),
        languages=st.sampled_from([(), ("en",), ("fr", "en")]),
        team=st.sampled_from([None, "orders"]),
        takes_any=st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=12,
)
needs = st.builds(
    Need,
    tier=st.just(1),
    weight=st.integers(1, 3),
    team=st.sampled_from([None, "orders"]),
    skills=st.dictionaries(st.sampled_from(["network", "till"]), st.integers(1, 5), max_size=1),
    language=st.sampled_from([None, "fr", "cs"]),
)


@given(people, needs, st.sampled_from(Strategy), st.randoms())
def test_the_order_of_the_people_never_matters(crowd, need, strategy, random):
    mixed = list(crowd)
    random.shuffle(mixed)
    assert choose(crowd, need, strategy).candidate == choose(mixed, need, strategy).candidate


@given(people, needs, st.sampled_from(Strategy))
def test_whoever_is_chosen_could_take_it_and_if_nobody_is_nobody_could(crowd, need, strategy):
    choice = choose(crowd, need, strategy)
    if choice.candidate:
        winner = choice.candidate
        assert winner.on_shift and winner.availability is Availability.AVAILABLE
        assert has_room(winner.load, winner.capacity, need.weight)
        assert all(winner.skills.get(name, 0) >= least for name, least in need.skills.items())
    else:
        general = [each for each in crowd if each.takes_any or need.team == each.team is not None]
        anyway = replace(need, language=None)
        able = [each for each in general if hindrance(each, anyway) is None]
        assert not able or need.language or need.team


def test_whoever_only_lacks_room_for_a_more_urgent_one_is_kept_free_for_it():
    urgent = Need(1, weight=3, skills={"network": 2})
    nearly_full = one("Ana", load=6, skills={"network": 2})
    unskilled = one("Ben", load=7)
    behind = Need(1, kept=kept_for([nearly_full, unskilled], urgent))
    assert choose([nearly_full], behind).reason == "1 kept free for a more urgent one"
    assert chosen([nearly_full, unskilled], behind) == "Ben"
    assert chosen([nearly_full], TIER_1) == "Ana"
