"""Policies, calendars and branches as admins change them: versions, and who may do what."""

import pytest

from chalicelib.adapters import queues
from chalicelib.domain.errors import Conflict, Invalid, NotFound, NotPermitted, Stale
from chalicelib.domain.policies import STANDARD
from chalicelib.models.job import Job
from chalicelib.models.saving import save_together
from chalicelib.services import changing, settings, sla_settings
from tests import aws
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA, after
from tests.factories import a_policy, a_ticket, put_policy
from tests.integration.promises import HOUR, OFFICE, RESOLUTION, all_targets, due

pytestmark = pytest.mark.usefixtures("cloud")

LYON = {"id": "lyon", "name": "Lyon", "calendar": "24x7"}


def put_vip(**changes):
    data = a_policy(id="vip", name="VIP", conditions={"tag": ["vip"]}, **changes)
    return sla_settings.put_policy(data, ADA, MONDAY_9)


def put_office(**changes):
    return sla_settings.put_calendar({**OFFICE, **changes}, ADA, MONDAY_9)


# Versions.


def test_each_store_is_a_new_version_and_older_ones_can_be_read_for_good():
    put_vip()
    put_vip(reopen_within_days=3)
    put_office()
    put_office(holidays=["2026-12-24"])
    settings.forget()
    assert [settings.policy("vip", version).reopen_within_days for version in (1, 2)] == [7, 3]
    assert [len(settings.calendar("office", version).holidays) for version in (1, 2)] == [0, 1]
    assert (sla_settings.policy("vip").ref, sla_settings.calendar("office").ref) == (
        "vip@2", "office@2",
    )  # fmt: skip


def test_the_standard_policy_can_be_changed_and_goes_on_after_its_built_in_version():
    stored, _ = put_policy(targets=all_targets(resolution=HOUR))
    assert stored.ref == "standard@2"
    assert settings.policy("standard", 1) == STANDARD
    assert due(a_ticket(), RESOLUTION) == after(hours=1)


def test_a_version_that_was_not_seen_is_not_written_over():
    put_vip()
    put_office()
    sla_settings.put_branch(LYON, ADA, MONDAY_9)
    vip = a_policy(id="vip", name="VIP")
    sla_settings.put_policy(vip, ADA, MONDAY_9, 1)
    with pytest.raises(Stale) as stale:
        sla_settings.put_policy(vip, ADA, MONDAY_9, 1)
    assert stale.value.current_version == 2
    with pytest.raises(Stale):
        sla_settings.put_calendar(OFFICE, ADA, MONDAY_9, 7)
    with pytest.raises(Stale):
        sla_settings.put_branch(LYON, ADA, MONDAY_9, 7)


def test_what_is_to_be_new_may_not_be_there_already():
    put_vip()
    put_office()
    sla_settings.put_branch(LYON, ADA, MONDAY_9)
    with pytest.raises(Conflict):
        sla_settings.put_policy(a_policy(id="vip", name="VIP"), ADA, MONDAY_9, new=True)
    with pytest.raises(Conflict):
        sla_settings.put_calendar(OFFICE, ADA, MONDAY_9, new=True)
    with pytest.raises(Conflict):
        sla_settings.put_branch(LYON, ADA, MONDAY_9, new=True)


@pytest.mark.parametrize("seen", [1, None])
def test_two_admins_at_once_do_not_write_the_same_version(monkeypatch, seen):
    """Who said what they saw is told of the other's change; who did not comes after it."""
    put_vip()

    def overtaken(*records):
        monkeypatch.setattr(changing, "save_together", save_together)
        put_vip(reopen_within_days=3)
        save_together(*records)

    monkeypatch.setattr(changing, "save_together", overtaken)
    data = a_policy(id="vip", name="VIP", reopen_within_days=5)
    if seen:
        with pytest.raises(Stale):
            sla_settings.put_policy(data, ADA, MONDAY_9, seen)
    else:
        assert sla_settings.put_policy(data, ADA, MONDAY_9)[0].version == 3
    settings.forget()
    assert settings.policy("vip", 2).reopen_within_days == 3
    assert sla_settings.policy("vip").reopen_within_days == (3 if seen else 5)


def test_a_change_and_its_job_are_one_write(monkeypatch):
    def dies(*_, **__):
        raise RuntimeError("out of time")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(queues, "send_one", dies)
        put_vip()
    settings.forget()
    assert sla_settings.policy("vip").ref == "vip@1"
    assert [job.about["why"] for job in Job.scan()] == ["policy VIP"]


# Who may, and what is refused.


@pytest.mark.parametrize("actor", [ROSA, ANA, LEA], ids=lambda one: one.role)
def test_only_admins_change_settings(actor):
    put_vip()
    attempts = [
        lambda: sla_settings.put_policy(a_policy(), actor, MONDAY_9),
        lambda: sla_settings.retire_policy("vip", actor, MONDAY_9),
        lambda: sla_settings.delete_policy("vip", actor, MONDAY_9),
        lambda: sla_settings.order_policies(["vip"], actor, MONDAY_9),
        lambda: sla_settings.put_calendar(OFFICE, actor, MONDAY_9),
        lambda: sla_settings.delete_calendar("office", actor, MONDAY_9),
        lambda: sla_settings.put_branch(LYON, actor, MONDAY_9),
        lambda: sla_settings.delete_branch("lyon", actor, MONDAY_9),
    ]
    for attempt in attempts:
        with pytest.raises(NotPermitted):
            attempt()


def test_what_is_wrong_is_refused_with_its_fields_and_nothing_is_stored():
    with pytest.raises(Invalid) as policy:
        put_vip(calendar="moon")
    with pytest.raises(Invalid) as region:
        put_office(country="PT", region="ZZ")
    with pytest.raises(Invalid) as country:
        put_office(country="XX")
    with pytest.raises(Invalid) as branch:
        sla_settings.put_branch({**LYON, "calendar": "moon"}, ADA, MONDAY_9)
    told = [one.value.errors[0].pointer for one in (policy, region, country, branch)]
    assert told == ["/calendar", "/region", "/country", "/calendar"]
    assert not list(Job.scan())
    assert aws.queued("jobs") == []


def test_what_is_not_there_is_not_found():
    for attempt in (sla_settings.policy, sla_settings.calendar, sla_settings.branch):
        with pytest.raises(NotFound):
            attempt("nowhere")
    for attempt in (sla_settings.retire_policy, sla_settings.delete_policy,
                    sla_settings.delete_calendar, sla_settings.delete_branch):  # fmt: skip
        with pytest.raises(NotFound):
            attempt("nowhere", ADA, MONDAY_9)
