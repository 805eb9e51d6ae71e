"""The audit: who changed what, from where, as it was before and as it is after."""

from datetime import date

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.vocabulary import Availability, Role
from chalicelib.models.person import Person
from chalicelib.services import audit, desk_settings, members, origin, people, sessions, tickets
from tests.cast import ADA, ANA, LEA, MONDAY_9, after
from tests.factories import a_ticket, employ
from tests.integration import whole_desk
from tests.integration.api import Api

pytestmark = pytest.mark.usefixtures("cloud")
TEAM = {"id": "shops", "name": "Shops"}


def told(**query: str) -> list[dict]:
    asked = "&".join(f"{name.rstrip('_')}={text}" for name, text in query.items())
    answer = Api(ADA).get(f"/audit?from=2026-11-20&to=2026-11-30&{asked}")
    assert answer.status == 200, answer.json
    return answer.json["items"]


def test_a_change_of_a_setting_is_told_with_who_whence_before_and_after():
    origin.note("192.0.2.7")
    desk_settings.put_team(TEAM, ADA, MONDAY_9)
    desk_settings.put_team({**TEAM, "name": "All shops"}, ADA, after(minutes=1))
    desk_settings.delete_team("shops", ADA, after(minutes=2))
    rows = [one for one in told() if one["about"] == "team/shops"]
    assert [one["action"] for one in rows] == ["team.deleted", "team.changed", "team.added"]
    changed = rows[1]
    assert (changed["actor"]["id"], changed["address"]) == (ADA.id, "192.0.2.7")
    assert (changed["before"]["name"], changed["after"]["name"]) == ("Shops", "All shops")


def test_what_happens_to_tickets_is_told_without_what_was_written():
    employ(ANA)
    ticket = a_ticket(description="A secret of mine.")
    tickets.change(ticket.ticket_id, {"category": "till"}, ANA, after(minutes=1))
    whole_desk.run(after(minutes=2))
    whole_desk.run(after(minutes=2))
    rows = [one for one in told() if one["about"] == ticket.ticket_id]
    assert [one["action"] for one in rows][-2:] == ["ticket.changed", "ticket.opened"]
    assert rows[-2]["before"] == {"category": None}
    assert "A secret of mine" not in str(rows)


def test_only_admins_read_it():
    assert Api(ANA).get("/audit").status == 403
    assert Api(LEA).get("/audit").status == 403


def test_it_is_read_page_by_page_and_of_one_actor():
    for minute in range(5):
        desk_settings.put_team({**TEAM, "id": f"t{minute}"}, ADA, after(minutes=minute))
    first = Api(ADA).get("/audit?from=2026-11-23&to=2026-11-23&limit=3").json
    rest = Api(ADA).get(f"/audit?from=2026-11-23&to=2026-11-23&limit=30&cursor={first['next']}")
    rows = first["items"] + rest.json["items"]
    names = [one["about"] for one in rows if one["about"].startswith("team/")]
    assert names == ["team/t4", "team/t3", "team/t2", "team/t1", "team/t0"]
    assert len([one for one in told(actor=ADA.id) if one["action"] == "team.added"]) == 5
    assert told(actor=ANA.id) == []


def test_secrets_are_hidden():
    from tests.integration.monitoring import connect

    found = connect()
    from chalicelib.services import alert_settings

    alert_settings.renew_key(found.id, ADA, MONDAY_9)
    alert_settings.put_integration({"id": found.id, "name": "Other", "source": found.source,
                                    "pasted_secret": "s3cr3t-word"}, ADA, MONDAY_9)  # fmt: skip
    assert "s3cr3t-word" not in str(told())


@pytest.mark.parametrize("asked", ["to=9999-12-31", "to=0001-01-02", "from=1999-12-31",
                                   "from=9999-12-30&to=9999-12-31"])  # fmt: skip
def test_days_far_from_our_time_are_refused(asked):
    answer = Api(ADA).get(f"/audit?{asked}")
    assert answer.status == 422
    assert "between the years 2000 and 2200" in str(answer.json)


def test_what_the_service_is_asked_of_far_days_is_refused_too():
    with pytest.raises(Invalid, match="between the years"):
        audit.page(ADA, MONDAY_9, date.max, date.max, None, 10, None)


def test_a_profile_that_changes_is_told_by_what_is_not_the_same():
    employ(ADA, ANA)
    members.change(ANA.id, {"name": ANA.name, "role": "lead", "tiers": [1]}, ADA, MONDAY_9)
    (row,) = [one for one in told() if one["action"] == "person.changed"]
    assert (row["about"], row["actor"]["id"]) == (ANA.id, ADA.id)
    assert (row["before"], row["after"]) == ({"role": "agent"}, {"role": "lead"})


def test_who_comes_leaves_or_is_away_is_told():
    employ(ADA, ANA)
    members.set_availability(ANA, Availability.AWAY, None, MONDAY_9, note="Private.")
    members.remove(ANA.id, ADA, after(minutes=1))
    people.add("Ben Ito", "ben@desk.example", Role.AGENT, now=after(minutes=2))
    rows = [one for one in told() if one["action"].startswith("person.")]
    assert [one["action"] for one in rows] == ["person.added", "person.left", "person.said"]
    assert "Private" not in str(rows)


def test_signing_out_is_told():
    employ(ANA)
    sessions.end(sessions.start(Person.get(ANA.id), MONDAY_9), after(minutes=1))
    rows = [one["action"] for one in told() if one["action"].startswith("session.")]
    assert rows == ["session.ended", "session.began"]
