"""Which policy is for a ticket, and that what is in use is not taken away."""

import pytest

from chalicelib.domain.errors import Conflict, Invalid
from chalicelib.domain.policies import STANDARD
from chalicelib.models.setting import Setting
from chalicelib.services import clocks, recompute, settings, sla_settings
from tests.cast import ADA, MONDAY_9, after
from tests.factories import a_policy, a_ticket, now_of, put_policy
from tests.integration.promises import HOUR, OFFICE, RESOLUTION, all_targets, due

pytestmark = pytest.mark.usefixtures("cloud")

LYON = {"id": "lyon", "name": "Lyon", "calendar": "24x7"}


def put_vip(**changes):
    data = a_policy(id="vip", name="VIP", conditions={"tag": ["vip"]}, **changes)
    return sla_settings.put_policy(data, ADA, MONDAY_9)


def put_office(**changes):
    return sla_settings.put_calendar({**OFFICE, **changes}, ADA, MONDAY_9)


# In use: retired, not deleted.


def test_a_policy_that_measured_a_ticket_can_be_retired_but_not_deleted():
    put_vip()
    ticket = a_ticket(tags=["vip"])
    with pytest.raises(Conflict, match="retired"):
        sla_settings.delete_policy("vip", ADA, MONDAY_9)
    sla_settings.retire_policy("vip", ADA, MONDAY_9)
    with pytest.raises(Conflict):
        sla_settings.delete_policy("vip", ADA, MONDAY_9)
    assert clocks.policy_of(now_of(ticket)).ref == "vip@1"
    assert clocks.policy_of(now_of(a_ticket(tags=["vip"]))).id == "standard"


def test_a_policy_that_a_running_ticket_came_under_is_in_use_too():
    ticket = a_ticket(tags=["vip"])
    put_vip()
    recompute.recompute(ticket.ticket_id, "policy VIP", after(minutes=1))
    with pytest.raises(Conflict):
        sla_settings.delete_policy("vip", ADA, MONDAY_9)


def test_the_standard_policy_is_neither_deleted_nor_retired_nor_for_some_only():
    with pytest.raises(Conflict):
        sla_settings.delete_policy("standard", ADA, MONDAY_9)
    with pytest.raises(Invalid):
        sla_settings.retire_policy("standard", ADA, MONDAY_9)
    with pytest.raises(Invalid):
        put_policy(conditions={"tag": ["vip"]})


def test_a_policy_without_tickets_can_be_deleted_and_its_id_is_not_used_again():
    put_vip()
    sla_settings.delete_policy("vip", ADA, MONDAY_9)
    assert [one.id for one in settings.policies()] == ["standard"]
    with pytest.raises(Conflict, match="in use before"):
        put_vip(reopen_within_days=3)
    settings.forget()
    assert settings.policy("vip", 1).reopen_within_days == 7


def test_a_calendar_that_a_policy_or_a_branch_names_cannot_be_deleted():
    put_office()
    put_vip(calendar="office")
    with pytest.raises(Conflict, match="VIP"):
        sla_settings.delete_calendar("office", ADA, MONDAY_9)
    put_vip(calendar="24x7")
    sla_settings.put_branch({**LYON, "calendar": "office"}, ADA, MONDAY_9)
    with pytest.raises(Conflict, match="Lyon"):
        sla_settings.delete_calendar("office", ADA, MONDAY_9)


def test_a_deleted_calendar_still_measures_the_tickets_that_know_it():
    put_office()
    put_policy(calendar="office", targets=all_targets(resolution=9 * HOUR))
    ticket = a_ticket()
    put_policy(calendar="24x7")
    sla_settings.delete_calendar("office", ADA, MONDAY_9)
    settings.forget()
    with pytest.raises(Conflict, match="in use before"):
        put_office(holidays=["2026-11-24"])
    settings.forget()
    assert due(ticket, RESOLUTION) == after(days=1, hours=1)


def test_around_the_clock_cannot_be_deleted_or_stored_over():
    with pytest.raises(Conflict):
        sla_settings.delete_calendar("24x7", ADA, MONDAY_9)
    with pytest.raises(Invalid):
        put_office(id="24x7")


# The order: first match wins.


def test_the_first_policy_that_matches_wins_and_the_standard_one_comes_last():
    for name in ("beta", "alpha"):
        data = a_policy(id=name, name=name, conditions={"tag": ["vip"]})
        sla_settings.put_policy(data, ADA, MONDAY_9)
    assert [one.id for one in settings.policies()] == ["alpha", "beta", "standard"]
    sla_settings.order_policies(["beta", "standard", "alpha"], ADA, MONDAY_9)
    assert [one.id for one in settings.policies()] == ["beta", "alpha", "standard"]
    sla_settings.put_policy(a_policy(id="aaa", name="A"), ADA, MONDAY_9)
    assert [one.id for one in settings.policies()] == ["beta", "alpha", "aaa", "standard"]
    assert clocks.policy_of(now_of(a_ticket(tags=["vip"]))).id == "beta"
    assert clocks.policy_of(now_of(a_ticket())).id == "aaa"


@pytest.mark.parametrize("ids", [[], ["vip", "vip"], ["vip", "gold"]], ids=str)
def test_an_order_names_each_policy_once(ids):
    put_vip()
    with pytest.raises(Invalid) as refused:
        sla_settings.order_policies(ids, ADA, MONDAY_9)
    assert refused.value.errors[0].pointer == "/ids"


CONDITIONS = {
    "priority": ["P3"], "type": ["incident"], "category": ["network"],
    "organisation": ["SHOP.example"], "branch": ["lyon"], "channel": ["api"], "tag": ["till"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "values"), CONDITIONS.items(), ids=list(CONDITIONS))
def test_conditions_look_at_what_a_ticket_says_of_itself(name, values):
    data = a_policy(id="own", name="Own", conditions={name: [*values, "other"]}
                    if name not in ("priority", "type", "channel") else {name: values})  # fmt: skip
    sla_settings.put_policy(data, ADA, MONDAY_9)
    fits = a_ticket(category="Network", branch="Lyon", tags=["Till", "slow"])
    assert clocks.policy_of(now_of(fits)).id == "own"
    other = {"priority": ["P1"], "type": ["change"], "channel": ["phone"]}
    changed = {**data, "conditions": {name: other.get(name, ["other"])}}
    sla_settings.put_policy(changed, ADA, MONDAY_9)
    still = a_ticket(category="Network", branch="Lyon", tags=["Till", "slow"])
    assert clocks.policy_of(now_of(still)).id == "standard"


def test_every_condition_must_hold():
    put_vip()
    data = a_policy(id="vip", name="VIP", conditions={"tag": ["vip"], "branch": ["Lyon"]})
    sla_settings.put_policy(data, ADA, MONDAY_9)
    assert clocks.policy_of(now_of(a_ticket(tags=["vip"]))).id == "standard"
    assert clocks.policy_of(now_of(a_ticket(tags=["vip"], branch="Lyon"))).id == "vip"


def test_a_store_without_settings_still_measures():
    assert list(Setting.scan()) == []
    assert clocks.policy_of(now_of(a_ticket())) == STANDARD
