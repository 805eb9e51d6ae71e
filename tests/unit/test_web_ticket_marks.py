"""What a ticket's facts look like: deadlines, steps, quiet lines, views."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.events import Kind
from chalicelib.web import navigation, sla_marks, tracker
from chalicelib.web.narration import LINES, narrate

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BEN = {"id": "P-BEN", "name": "Ben Ito", "role": "agent"}
ANA = {"id": "P-1", "name": "Ana"}
ROSA = {"id": "R-ROSA", "name": "Rosa Lind", "role": "requester"}


def a_target(kind="resolution", state="running", due_at=None, met_at=None):
    return {
        "kind": kind, "state": state, "due_at": due_at, "met_at": met_at,
        "breached_at": None, "remaining_seconds": None,
    }  # fmt: skip


def a_ticket(*targets, status="open", **fields):
    return {
        "status": status,
        "created_at": "2026-11-23T09:00:00Z",
        "updated_at": "2026-11-23T09:30:00Z",
        "resolved_at": None,
        "sla": {"policy": "standard", "calendar": "24x7", "targets": list(targets)},
        **fields,
    }


def an_entry(kind, by=BEN, at="2026-11-23T09:10:00Z", public=True, **data):
    return {"id": "000002-00", "kind": kind, "at": at, "by": by, "public": public, "data": data}


@pytest.mark.parametrize(
    ("due_at", "tone", "text"),
    [
        ("2026-11-23T09:48:00Z", "bad", "\N{MINUS SIGN}12m"),
        ("2026-11-23T10:18:00Z", "warn", "18m"),
        ("2026-11-23T13:20:00Z", "ok", "3h 20m"),
    ],
)
def test_the_pill_shows_what_is_left_and_how_urgent_it_is(due_at, tone, text):
    mark = sla_marks.pill(a_ticket(a_target(due_at=due_at)), NOW)
    assert (mark["tone"], mark["text"]) == (tone, text)


def test_the_pill_shows_the_nearest_deadline():
    ticket = a_ticket(
        a_target(due_at="2026-11-23T15:00:00Z"),
        a_target("first_response", due_at="2026-11-23T10:05:00Z"),
    )
    assert sla_marks.pill(ticket, NOW)["text"] == "5m"


def test_a_paused_clock_says_so():
    assert sla_marks.pill(a_ticket(a_target(state="paused")), NOW)["text"] == "paused"


def test_a_solved_ticket_has_no_deadline():
    ticket = a_ticket(a_target(due_at="2026-11-23T10:05:00Z"), status="resolved")
    assert sla_marks.pill(ticket, NOW)["text"] == "none"


def an_explanation(*targets):
    """Of an hour that counted, of two that were allowed."""
    worked = {"within_seconds": 7200, "used_seconds": 3600, "override": None}
    return {"targets": [{**worked, **target} for target in targets]}


def test_the_panel_tells_met_from_late_and_from_running():
    met = a_target("first_response", "met", met_at="2026-11-23T09:09:00Z")
    found = an_explanation({**met, "used_seconds": 540}, a_target(due_at="2026-11-23T11:00:00Z"))
    panel = sla_marks.panel(a_ticket(), found, NOW)
    assert [line["words"] for line in panel["targets"]] == ["met in 9 minutes", "1 hour left"]
    assert panel["next"]["used"] == pytest.approx(0.5)


def test_a_target_met_after_its_time_stays_late():
    target = a_target("first_response", "breached", met_at="2026-11-23T09:40:00Z")
    found = an_explanation({**target, "used_seconds": 2400})
    line = sla_marks.panel(a_ticket(), found, NOW)["targets"][0]
    assert (line["tone"], line["words"]) == ("bad", "late, after 40 minutes")


def test_what_the_desk_asks_of_itself_is_no_deadline_of_the_ticket():
    own = a_target("time_to_accept", due_at="2026-11-23T10:05:00Z")
    promised = a_target(due_at="2026-11-23T15:00:00Z")
    assert sla_marks.pill(a_ticket(own, promised), NOW)["text"] == "5h 00m"
    panel = sla_marks.panel(a_ticket(), an_explanation(own, promised), NOW)
    assert panel["next"]["kind"] == "resolution"


def test_a_due_date_by_hand_is_labelled():
    hand_set = {**a_target(due_at="2026-11-23T15:00:00Z"), "override": {"by": "Lea Moreau"}}
    (line,) = sla_marks.panel(a_ticket(), an_explanation(hand_set), NOW)["targets"]
    assert line["by_hand"]


def test_a_new_request_is_received_and_nothing_more():
    steps = tracker.steps(a_ticket(status="new"), [an_entry("opened", ROSA)])
    assert [step["state"] for step in steps] == ["now", "ahead", "ahead", "ahead"]


def test_a_solved_request_has_passed_the_step_of_waiting():
    ticket = a_ticket(status="resolved", resolved_at="2026-11-23T09:50:00Z")
    steps = tracker.steps(ticket, [an_entry("opened", ROSA), an_entry("reply")])
    assert [step["state"] for step in steps] == ["done", "done", "passed", "done"]
    assert steps[1]["at"] == "2026-11-23T09:10:00Z"
    assert steps[3]["at"] == "2026-11-23T09:50:00Z"


def test_only_running_answers_are_promised():
    running = a_target("first_response", due_at="2026-11-23T10:30:00Z")
    assert tracker.promised_at(a_ticket(running)) == "2026-11-23T10:30:00Z"
    assert tracker.promised_at(a_ticket(a_target(due_at="2026-11-23T10:30:00Z"))) is None


def test_a_requester_reads_no_note_even_if_it_were_handed_over():
    shown = tracker.conversation([an_entry("reply"), an_entry("note"), an_entry("escalated")])
    assert [entry["kind"] for entry in shown] == ["reply"]


def test_every_kind_of_event_has_a_line_but_what_was_said():
    assert set(Kind) - set(LINES) == {Kind.REPLY, Kind.NOTE, Kind.CALL}


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (an_entry("assigned", assignee={"id": "P-1", "name": "Ana"}, reason="by hand"),
         "assigned it to Ana"),
        (an_entry("assigned", assignee={"id": "P-BEN", "name": "Ben Ito"}), "took it"),
        (an_entry("assigned", assignee={"id": "P-1", "name": "Ana"}, reason="Ana: has time"),
         "assigned it to Ana (has time)"),
        (an_entry("escalated", tier=2, reason="beyond us", tried="a restart", told=None),
         "escalated it to tier 2 — beyond us — Tried: a restart"),
        (an_entry("escalated", tier=3, told="lead", moved=False, target="first_response"),
         "told the lead: “First answer” is late"),
        (an_entry("sla_warned", target="resolution", step="warned-75"),
         "warned: 75 % of the time for “Solution” is used"),
        (an_entry("changed", before={"urgency": "low"}, after={"urgency": "high"}),
         "changed urgency from low to high"),
        (an_entry("held", reason="third_party"), "put it on hold: waiting for somebody outside"),
        (an_entry("escalated", told="manager", reason="Nobody in the last tier can take it."),
         "told the managers: Nobody in the last tier can take it."),
        (an_entry("escalated", told=None, tier=2, step="ladder-0", target="first_response"),
         "escalated it to tier 2: “First answer” is late"),
        (an_entry("escalated", told="lead", step="unassigned-600", target="assignment"),
         "told the lead: nobody has it"),
        (an_entry("de_escalated", tier=1, reason="Easy"), "gave it back to tier 1: Easy"),
        (an_entry("due_date_set", target="resolution", due_at="2026-11-27T17:00:00Z",
                  reason="Promised"), "set the due date for “Solution” by hand: Promised"),
        (an_entry("sla_changed", why="policy Gold", before={"policy": "gold@1", "calendar": "a@1"},
                  after={"policy": "gold@2", "calendar": "a@1"}),
         "is measured by policy gold@2 from now on (policy Gold was changed)"),
        (an_entry("followed_up", ticket="HD-ABCDEFG"), "went on with it in HD-ABCDEFG"),
        (an_entry("assigned", assignee=ANA, was={"id": "P-2", "name": "Chi"}),
         "gave it to Ana instead of Chi"),
        (an_entry("assigned", assignee=ANA, was=BEN), "passed it on to Ana"),
        (an_entry("assigned", assignee=BEN, was=ANA), "took it over from Ana"),
        (an_entry("unstaffed", tier=1, why="2 off shift, 1 full", expected_at=None),
         "found nobody in tier 1 who can take it: 2 off shift, 1 full"),
        (an_entry("unstaffed", tier=1, why="", expected_at="2026-11-24T09:00:00Z"),
         "found nobody in tier 1 who can take it; expects somebody ⟦2026-11-24T09:00:00Z⟧"),
        (an_entry("not_accepted", was=ANA, loss=1),
         "took it back from Ana, who did not accept it in time"),
        (an_entry("not_accepted", was=ANA, loss=3),
         "took it back from Ana, who did not accept it in time, for the third time here"),
        (an_entry("handed_over", **{"from": ANA, "assignee": BEN, "why": "shift_end"}),
         "handed it over from Ana (end of shift) to Ben Ito"),
        (an_entry("handed_over", **{"from": ANA, "assignee": None, "why": "left"}),
         "took it from Ana (works here no more), and nobody could take over"),
        (an_entry("transferred", team="net", team_name="Network", was=ANA),
         "sent it to the team Network, away from Ana"),
        (an_entry("transferred", team="net", tier=1), "sent it to the team net"),
        (an_entry("transferred", tier=3), "sent it to tier 3"),
        (an_entry("paged", to=[ANA, BEN], step=2, ack_by=None), "called Ana and Ben Ito, as lead"),
        (an_entry("paged", to=[ANA], step=0, ack_by="2026-11-24T09:00:00Z"),
         "called Ana, who is on call, to be answered by ⟦2026-11-24T09:00:00Z⟧"),
        (an_entry("page_acknowledged", via="link"), "answered the call by the link and took it"),
        (an_entry("page_acknowledged", via="console"), "answered the call and took it"),
        (an_entry("opened", rule={"id": "vpn", "name": "VPN"}),
         "opened the request, which the rule “VPN” routed"),
        (an_entry("unheard_of"), "unheard of"),
    ],
)  # fmt: skip
def test_an_entry_reads_as_a_sentence_after_its_actor(entry, text):
    assert narrate(entry)["text"] == text


@pytest.mark.parametrize("kind", sorted(LINES))
def test_an_entry_without_its_data_still_reads(kind):
    assert narrate(an_entry(kind))["text"]


def test_an_unknown_view_shows_everything_open():
    assert navigation.view_named("zzz").name == "all"
    assert navigation.view_named(None).name == "all"


def test_the_side_bar_marks_where_one_is_and_shows_known_counts_only():
    views = [view for group in navigation.sidebar({"all": 8}, "all") for view in group["views"]]
    assert [view["title"] for view in views if view["current"]] == ["All open"]
    assert [view["count"] for view in views if view["count"] is not None] == [8]


def titles(person):
    groups = navigation.rooms(navigation.sidebar({}, ""), person, "")
    return [view["title"] for group in groups for view in group["views"]]


def test_who_is_in_a_team_has_its_view_and_leads_have_a_workspace():
    assert "My team" not in titles({"role": "agent", "team": None})
    assert "My team" in titles({"role": "agent", "team": "net"})
    assert "Settings" not in titles({"role": "agent", "team": "net"})
    assert titles({"role": "lead", "team": None})[-2:] == ["Reports", "Settings"]


def test_an_outside_group_has_its_own_views_only():
    seen = titles({"role": "agent", "team": "field", "outside": True})
    assert "My team" in seen
    assert not {"All open", "Management knows", "Queues and people"} & set(seen)
    assert not any(title.startswith("Tier") for title in seen)
    for name in ("all", "tier2", "management", None, "nonsense"):
        assert navigation.view_named(name, outside=True).name == "team"
    assert navigation.view_named("mine", outside=True).name == "mine"


def test_a_filter_keeps_the_view():
    links = navigation.priority_filters(navigation.view_named("tier1"), "P2")
    assert links[2] == {"title": "P2", "href": "/desk?view=tier1&priority=P2", "current": True}
