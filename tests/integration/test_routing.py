"""Where new tickets go: rules in their order, a default that always matches, and a dry run."""

import pytest

from chalicelib.domain.errors import Conflict, Invalid, NotPermitted
from chalicelib.domain.events import Kind
from chalicelib.domain.people import Requester
from chalicelib.domain.routing import DEFAULT, Rule
from chalicelib.domain.vocabulary import Target
from chalicelib.services import desk_settings, intake, routing, settings, tickets, transfers
from tests.cast import ADA, ANA, LEA, MONDAY_9, OMAR, ROSA, after, asked_by
from tests.factories import a_draft, a_ticket, clock_of, employ, entries_of, now_of

pytestmark = pytest.mark.usefixtures("cloud")

TILLS = {"id": "tills", "name": "Tills", "conditions": {"text": ["till"]}, "tier": 2,
         "skills": {"till": 2}, "priority": "P2"}  # fmt: skip


def put(*rules) -> None:
    for one in rules:
        desk_settings.put_rule(one, ADA, MONDAY_9)


def test_without_rules_everything_goes_to_the_first_tier():
    ticket = a_ticket()
    assert (int(ticket.tier), ticket.team, ticket.skills) == (1, None, None)
    assert "rule" not in entries_of(ticket, Kind.OPENED)[0].data


def test_the_first_matching_rule_sets_tier_team_skills_and_priority():
    desk_settings.put_team({"id": "shops", "name": "Shops"}, ADA, MONDAY_9)
    put({**TILLS, "team": "shops"}, {"id": "a", "name": "A", "conditions": {"text": ["frozen"]}})
    desk_settings.order_rules(["tills", "a"], ADA, MONDAY_9)
    ticket = a_ticket()
    assert (int(ticket.tier), ticket.team, ticket.skills) == (2, "shops", {"till": 2})
    assert ticket.priority == "P2"
    assert entries_of(ticket, Kind.OPENED)[0].data["rule"] == {"id": "tills", "name": "Tills"}
    desk_settings.order_rules(["a", "tills"], ADA, MONDAY_9)
    assert int(a_ticket().tier) == 1


def test_the_clocks_run_by_the_priority_and_tier_that_the_rule_set():
    put(TILLS)
    ticket = a_ticket()
    assert clock_of(ticket, Target.FIRST_RESPONSE).within == 30 * 60
    assert clock_of(ticket, Target.TIME_TO_ACCEPT).within == 40 * 60


def test_a_rules_priority_stays_until_somebody_changes_impact_or_urgency():
    put(TILLS)
    ticket = a_ticket()
    assert tickets.change(ticket.ticket_id, {"category": "Tills"}, ANA, MONDAY_9).priority == "P2"
    changed = tickets.change(ticket.ticket_id, {"urgency": "high"}, ANA, after(minutes=1))
    assert changed.priority == "P2"
    changed = tickets.change(ticket.ticket_id, {"urgency": "low"}, ANA, after(minutes=2))
    assert changed.priority == "P4"


def test_a_rule_may_look_at_the_language_that_the_requester_reads():
    put({"id": "fr", "name": "French", "conditions": {"language": ["fr"]}, "tier": 3})
    draft = a_draft()
    luc = Requester(id=ROSA.id, email=ROSA.email, name="Luc", locale="fr-CA")
    ticket = intake.open_ticket(intake.Draft("Bonjour", "Rien ne va.", luc), ROSA, MONDAY_9).ticket
    assert (int(ticket.tier), ticket.language) == (3, "fr")
    assert int(intake.open_ticket(draft, ROSA, MONDAY_9).ticket.tier) == 1


def test_the_default_can_be_changed_but_not_taken_away_and_stays_last():
    put(TILLS, {"id": "default", "name": "The rest", "tier": 3})
    assert [one.id for one in settings.rules()] == ["tills", "default"]
    assert int(a_ticket(subject="Hello", description="There").tier) == 3
    with pytest.raises(Conflict):
        desk_settings.delete_rule("default", ADA, MONDAY_9)


def test_only_admins_change_rules_and_a_wrong_one_is_refused():
    with pytest.raises(NotPermitted):
        desk_settings.put_rule(TILLS, LEA, MONDAY_9)
    with pytest.raises(Invalid):
        put({**TILLS, "team": "ghosts"})
    with pytest.raises(Invalid):
        desk_settings.order_rules(["tills"], ADA, MONDAY_9)
    assert settings.rules() == [DEFAULT]


def test_a_team_that_is_in_use_is_not_deleted():
    desk_settings.put_team({"id": "shops", "name": "Shops"}, ADA, MONDAY_9)
    put({**TILLS, "team": "shops"})
    employ(ANA, team="shops")
    with pytest.raises(Conflict, match="Ana Costa, the rule Tills"):
        desk_settings.delete_team("shops", ADA, MONDAY_9)


def test_a_dry_run_shows_what_a_draft_would_have_done_to_the_last_tickets():
    till = a_ticket(ROSA)
    other = a_ticket(OMAR, now=after(minutes=1), subject="No mail", description="At all.")
    tickets.resolve(till.ticket_id, "Done.", None, ANA, after(minutes=2))
    rows = routing.dry_run([Rule.from_data(TILLS)], 10, after(minutes=3))
    assert [(one["ticket"], one["changed"]) for one in rows] == [
        (other.ticket_id, False), (till.ticket_id, True),
    ]  # fmt: skip
    assert rows[1]["now"]["tier"] == 1
    assert rows[1]["then"] == {"rule": "tills", "tier": 2, "team": None, "skills": {"till": 2},
                               "priority": "P2"}  # fmt: skip
    assert len(routing.dry_run([], 1, after(minutes=3))) == 1
    assert int(now_of(till).tier) == 1
    assert asked_by(ROSA).id == till.requester_id


def test_the_skills_that_a_rule_asks_for_stay_in_its_tier():
    put(TILLS)
    ticket = a_ticket()
    transfers.to_tier(ticket.ticket_id, 3, "", ANA, after(minutes=1))
    assert now_of(ticket).skills is None
