"""What is done elsewhere than in our tables is in the audit before it is done."""

from functools import partial

import pytest

from chalicelib.adapters import identity, queues
from chalicelib.models.audit import AuditRow
from chalicelib.models.person import Person
from chalicelib.services import (
    accounts,
    deliveries,
    hooks,
    jobs,
    people,
    second_factor,
)
from tests.cast import ADA, ANA, LEA, MONDAY_9, after
from tests.factories import employ
from tests.integration.browser import Browser
from tests.integration.monitoring import connect, log, send
from tests.integration.pool import PASSWORD, enrol, open_pool

pytestmark = pytest.mark.usefixtures("cloud")


class Unreachable(Exception):
    """What a service says while it is away."""


def unreachable(*_: object, **__: object) -> None:
    raise Unreachable


def told() -> list[AuditRow]:
    """Newest first, without sign-ins and settings."""
    rows = AuditRow.of_day(MONDAY_9.date(), None, None)
    return [one for one in rows if one.action not in ("session.began", "integration.added")]


def test_a_job_that_somebody_starts_or_sends_again_is_told(monkeypatch):
    job = jobs.start("sla_recompute", {}, LEA, MONDAY_9)
    monkeypatch.setattr(queues, "send_one", unreachable)
    with pytest.raises(Unreachable):
        jobs.send_again(job.job_id, LEA, after(minutes=1))
    again, started = told()
    assert (again.action, again.about) == ("job.sent_again", job.job_id)
    assert (started.action, started.actor_id) == ("job.started", LEA.id)


def test_what_is_sent_again_over_the_page_is_told():
    job = jobs.start("sla_recompute", {}, LEA, MONDAY_9)
    employ(LEA)
    browser = Browser().sign_in(LEA)
    path = f"/settings/jobs/{job.job_id}"
    csrf = browser.get(path).forms[path]
    assert browser.post(path, {**csrf, "do": "again"}).status == 303
    assert "job.sent_again" in [one.action for one in told()]


def test_a_delivery_that_is_tested_replayed_or_put_aside_is_told_once(monkeypatch):
    found = connect()
    send(found, b"<html>")
    (row,) = log(found)
    deliveries.dismiss(found.id, row.delivery_id, LEA, MONDAY_9)
    deliveries.dismiss(found.id, row.delivery_id, LEA, MONDAY_9)
    monkeypatch.setattr(queues, "send_one", unreachable)
    with pytest.raises(Unreachable):
        deliveries.replay(found.id, row.delivery_id, LEA, after(minutes=1))
    with pytest.raises(Unreachable):
        hooks.send_test(found.id, LEA, after(minutes=2))
    rows = told()
    names = ["integration.tested", "delivery.replayed", "delivery.put_aside"]
    assert [one.action for one in rows] == names
    assert {(one.about, one.actor_id) for one in rows} == {(f"integration/{found.id}", LEA.id)}
    assert rows[1].after["delivery"] == rows[2].before["delivery"] == row.delivery_id


@pytest.fixture
def ana(monkeypatch: pytest.MonkeyPatch) -> Person:
    open_pool(monkeypatch)
    return enrol(ANA)


@pytest.mark.parametrize(
    ("call", "change", "action"),
    [
        ("reset_second_factor", accounts.reset_second_factor, "second_factor.reset"),
        ("sign_out_everywhere", accounts.sign_out_everywhere, "session.all_ended"),
        ("invite", partial(accounts.invite, by_mail=True), "person.invited"),
        ("create_user", partial(accounts.invite, by_mail=False), "person.invited"),
    ],
)
def test_what_changes_at_the_identity_provider_is_told_before(
    ana, monkeypatch, call, change, action
):
    monkeypatch.setattr(accounts.pool, call, unreachable)
    with pytest.raises(Unreachable):
        change(ana, ADA, MONDAY_9)
    assert [one.action for one in told()][:1] == [action]


def test_a_password_that_an_operator_sets_is_told_before(ana, monkeypatch):
    monkeypatch.setattr(accounts.pool, "create_user", unreachable)
    with pytest.raises(Unreachable):
        people.add(ANA.name, ANA.email, ANA.role, "another-password", now=after(minutes=1))
    assert told()[0].action == "person.password_set"


def test_a_second_factor_of_ones_own_is_told_before(ana, monkeypatch):
    monkeypatch.setattr(identity, "ask_for_codes", unreachable)
    with pytest.raises(Unreachable):
        second_factor.drop(ana, PASSWORD, "", None, after(minutes=1))
    assert told()[0].action == "second_factor.off"
