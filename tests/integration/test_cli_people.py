"""The operators' commands for people: who they are, what they carry, whether they are there."""

import pytest

from chalicelib.domain.errors import Conflict, Invalid, NotFound
from chalicelib.models.person import Person
from chalicelib.services import desk_settings, ownership, people
from tests.cast import ADA, ANA, BEN, LEA, MONDAY_9
from tests.factories import a_ticket, employ
from tests.integration.commands import answer, invoke, refusal, run

pytestmark = pytest.mark.usefixtures("cloud")

TEAM = {"id": "network", "name": "Network", "strategy": "pull"}
PASSWORD = ("--password", "correct-horse-battery")


@pytest.fixture(autouse=True)
def desk(cloud) -> None:
    employ(ANA, BEN, LEA, ADA)


def test_somebody_is_added_with_a_whole_profile():
    desk_settings.put_team(TEAM, ADA, MONDAY_9)
    said = run("people", "add", "Eve Lind", "Eve@desk.example", "agent", *PASSWORD,
               "--tiers", "1,2", "--team", "network", "--skill", "network=3", "--skill", "vpn=1",
               "--language", "pt", "--language", "en", "--shift", "24x7", "--capacity", "5",
               "--time-zone", "Europe/Lisbon")  # fmt: skip
    eve = people.named("eve@desk.example")
    assert eve.person_id in said
    assert ([int(tier) for tier in eve.tiers], eve.team, eve.shift) == ([1, 2], "network", "24x7")
    assert (eve.skills, list(eve.languages)) == ({"network": 3, "vpn": 1}, ["pt", "en"])
    assert (int(eve.capacity), eve.time_zone) == (5, "Europe/Lisbon")


def test_who_is_known_keeps_what_is_not_given():
    run("people", "add", "Eve", "eve@desk.example", "agent", *PASSWORD, "--tier", "2",
        "--skill", "vpn=1")  # fmt: skip
    run("people", "add", "Eve Lind", "eve@desk.example", "agent", *PASSWORD, "--capacity", "0")
    eve = people.named("eve@desk.example")
    assert (eve.name, [int(tier) for tier in eve.tiers]) == ("Eve Lind", [2])
    assert (eve.skills, int(eve.capacity)) == ({"vpn": 1}, 0)


def test_a_requester_gets_an_account_and_no_profile():
    run("people", "add", "Rosa", "rosa@shop.example", "requester", *PASSWORD)
    assert people.named("rosa@shop.example").desk is None


@pytest.mark.parametrize(
    ("words", "pointer"),
    [
        (("--tier", "9"), "/tiers"),
        ((), "/tiers"),
        (("--tier", "1", "--team", "nowhere"), "/team"),
        (("--tier", "1", "--branch", "nowhere"), "/branch"),
        (("--tier", "1", "--shift", "nowhere"), "/shift"),
        (("--tier", "1", "--skill", "network=9"), "/skills/network"),
        (("--tier", "1", "--language", "Portuguese"), "/languages/0"),
        (("--tier", "1", "--capacity", "-1"), "/capacity"),
        (("--tier", "1", "--time-zone", "Mars/Olympus"), "/time_zone"),
    ],
)
def test_who_cannot_work_here_is_refused(words, pointer):
    error = refusal("people", "add", "Eve", "eve@desk.example", "agent", *PASSWORD, *words)
    assert isinstance(error, Invalid)
    assert [one.pointer for one in error.errors] == [pointer]
    assert Person.with_email("eve@desk.example") is None


@pytest.mark.parametrize("words", [("--tiers", "one"), ("--skill", "network"), ("--skill", "a=b")])
def test_what_cannot_be_read_is_a_wrong_use(words):
    done = invoke("people", "add", "Eve", "eve@desk.example", "agent", *PASSWORD, *words)
    assert done.exit_code == 2


def test_everybody_is_listed_with_what_they_carry():
    desk_settings.put_team(TEAM, ADA, MONDAY_9)
    employ(ANA, team="network", shift="24x7")
    ownership.assign(a_ticket().ticket_id, ANA.id, LEA, MONDAY_9)
    listed = run("people", "list")
    assert all(word in listed for word in (ANA.id, "ana@desk.example", "network", "24x7"))
    ana = next(one for one in answer("people", "list") if one["id"] == ANA.id)
    assert (ana["load"], ana["capacity"], ana["tiers"]) == (1, 8, [1])


def test_somebody_leaves_and_the_last_admin_does_not():
    assert "Ana Costa has left" in run("people", "remove", ANA.email)
    assert isinstance(refusal("people", "remove", ANA.id), NotFound)
    assert isinstance(refusal("people", "remove", ADA.id), Conflict)
    assert isinstance(refusal("people", "remove", "nobody@desk.example"), NotFound)


def test_an_absence_is_noted_with_who_stands_in():
    said = run("people", "set-availability", ANA.email, "out_of_office", "--substitute", BEN.email,
               "--until", "2026-11-30T09:00:00Z", "--note", "Keys are in the drawer.")  # fmt: skip
    assert "Ana Costa is out_of_office" in said
    ana = Person.get(ANA.id)
    assert (ana.substitute, ana.away_note) == (BEN.id, "Keys are in the drawer.")
    assert isinstance(refusal("people", "set-availability", ANA.id, "away", "--until",
                              "2020-01-01T00:00:00Z"), Invalid)  # fmt: skip
    for wrong in (("asleep",), ("away", "--until", "tomorrow"), ("away", "--until", "2026-12-01")):
        assert invoke("people", "set-availability", ANA.id, *wrong).exit_code == 2


def test_loads_are_counted_anew():
    ownership.assign(a_ticket().ticket_id, ANA.id, LEA, MONDAY_9)
    employ(ANA, load=7)
    assert answer("people", "recount", ANA.email) == [
        {"id": ANA.id, "name": ANA.name, "before": 7, "truth": 1}
    ]
    assert {one["before"] - one["truth"] for one in answer("people", "recount")} == {0}
    assert "Ana Costa" in run("people", "recount")
