"""The audit's chain: what breaks when somebody alters it, and how its end is noted."""

import pytest

from chalicelib.adapters import heads
from chalicelib.adapters.aws import client
from chalicelib.config import config
from chalicelib.models.audit import AuditLink, AuditRow
from chalicelib.models.saving import save_together
from chalicelib.services import audit, audit_chain, desk_settings
from chalicelib.services.audit_rows import Rows
from tests.cast import ADA, MONDAY_9, after
from tests.integration import whole_desk
from tests.integration.counting import counted

pytestmark = pytest.mark.usefixtures("cloud")
TEAM = {"id": "shops", "name": "Shops"}


@pytest.fixture(autouse=True)
def nothing_noted(cloud: None) -> None:
    """The one who runs the tests may pass the lock, which holds for a day there."""
    s3, bucket = client("s3"), config.audit_bucket
    for one in s3.list_object_versions(Bucket=bucket).get("Versions", []):
        where = {"Bucket": bucket, "Key": one["Key"], "VersionId": one["VersionId"]}
        s3.delete_object(**where, BypassGovernanceRetention=True)


@pytest.fixture
def sealed(cloud: None) -> None:
    """Three teams' changes, covered by the chain."""
    for minute in range(3):
        desk_settings.put_team({**TEAM, "id": f"t{minute}"}, ADA, after(minutes=minute))
        whole_desk.run(after(minutes=minute))


@pytest.mark.usefixtures("sealed")
def test_an_unaltered_chain_holds():
    found = audit_chain.verify(after(hours=1))
    assert (found.fault, found.rows) == (None, 3)


@pytest.mark.usefixtures("sealed")
def test_an_altered_row_is_named():
    row = next(
        one for one in AuditRow.of_day(MONDAY_9.date(), None, None) if one.about == "team/t1"
    )
    row.update(actions=[AuditRow.about.set("team/other")])
    assert audit_chain.verify(after(hours=1)).fault == f"Row {row.row_id} was altered."


@pytest.mark.usefixtures("sealed")
def test_a_row_or_a_link_that_was_taken_away_is_named():
    row = AuditRow.of_day(MONDAY_9.date(), None, None)[0]
    row.delete()
    assert audit_chain.verify(after(hours=1)).fault == f"Row {row.row_id} is missing."
    first = next(iter(AuditLink.all()))
    first.delete()
    assert "Link 1 is missing" in audit_chain.verify(after(hours=1)).fault


@pytest.mark.usefixtures("sealed")
def test_a_row_that_was_added_past_the_chain_is_named():
    desk_settings.put_team({**TEAM, "id": "late"}, ADA, after(minutes=9))
    assert audit_chain.verify(after(minutes=10)).fault is None
    assert "is not covered" in audit_chain.verify(after(hours=1)).fault


@pytest.mark.usefixtures("sealed")
def test_an_altered_link_is_named():
    last = AuditLink.last()
    last.update(actions=[AuditLink.rows.set([])])
    assert "was altered" in audit_chain.verify(after(hours=1)).fault


def test_the_end_of_the_chain_is_noted_where_nobody_can_write_it_anew(cloud):
    for hour in (0, 0, 1):
        desk_settings.put_team({**TEAM, "name": f"Shops {hour}"}, ADA, after(hours=hour))
        whole_desk.run(after(hours=hour))
    noted = audit_chain.noted_heads()
    assert sorted(number for number, _ in noted) == [1, 3]
    assert audit_chain.verify(after(hours=1), noted).fault is None
    assert audit_chain.head() == {"links": 3, "hash": max(noted)[1]}


@pytest.mark.usefixtures("sealed")
def test_a_chain_that_was_made_again_is_not_the_one_that_was_noted():
    noted = audit_chain.noted_heads()
    for one in [*AuditLink.all()]:
        one.delete()
    assert audit_chain.verify(after(hours=1), noted).fault == "Link 1 was noted and is missing."
    audit_chain.seal(AuditRow.of_day(MONDAY_9.date(), None, None))
    said = audit_chain.verify(after(hours=1), noted).fault
    assert said == "Link 1 is not the one that was noted."


class Unreachable(Exception):
    """What S3 says while it is away."""


@pytest.fixture
def away(cloud: None, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """While it is filled, nothing is noted."""
    note, answers = heads.note, [True]

    def perhaps(name: str, head: dict) -> None:
        if answers:
            raise Unreachable
        note(name, head)

    monkeypatch.setattr(heads, "note", perhaps)
    return answers


def test_an_end_that_could_not_be_noted_is_noted_when_its_rows_come_again(away):
    rows = [audit.row("team.changed", ADA, "team/shops", MONDAY_9)]
    save_together(*rows)
    with pytest.raises(Unreachable):
        audit_chain.seal(rows)
    away.clear()
    audit_chain.seal(rows)
    assert {number for number, _ in audit_chain.noted_heads()} == {1}
    assert audit_chain.head()["links"] == 1


def test_an_end_that_could_not_be_noted_is_made_up_for_by_whoever_seals_next(away):
    rows = [audit.row("team.changed", ADA, f"team/{one}", MONDAY_9) for one in ("a", "b")]
    save_together(*rows)
    with pytest.raises(Unreachable):
        audit_chain.seal(rows)
    away.clear()
    for half in (rows[:1], rows[1:]):  # Lambda cuts a batch that failed in two
        audit_chain.seal(half)
    noted = audit_chain.noted_heads()
    assert {number for number, _ in noted} == {2}
    assert audit_chain.verify(after(hours=1), noted).fault is None


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("days", [-500, -3, -1, 400])
def test_a_row_of_a_day_without_links_is_named(days):
    forged = audit.row("team.changed", ADA, "team/t1", after(days=days))
    forged.save()
    said = audit_chain.verify(after(hours=1)).fault
    assert said == f"Row {forged.row_id} is not covered by the chain."


def test_days_are_judged_as_links_go_on_and_late_ones_are_waited_for():
    rows = [audit.row("team.changed", ADA, "team/shops", after(days=one)) for one in range(9)]
    late, lost = (audit.row("team.changed", ADA, "team/late", after(days=one)) for one in (1, 2))
    for one in (*rows, late, lost):
        one.save()
    for some in (rows[:2], rows[2:5], rows[5:8], [late, rows[8]], [late]):
        audit_chain.seal(some)
    found = audit_chain.verify(after(days=9))
    assert (found.fault, found.rows) == (f"Row {lost.row_id} is not covered by the chain.", 10)
    audit_chain.seal([lost])
    assert audit_chain.verify(after(days=9)).fault is None


def test_days_that_links_have_left_are_not_held():
    rows = Rows(after(days=30))
    for day in range(30):
        one = audit.row("team.changed", ADA, "team/shops", after(days=day))
        one.save()
        rows.take(AuditLink(number=day + 1, rows=[[one.day, one.row_id, one.digest()]]))
    assert (len(rows._of_days), rows.covered, rows.past_the_chain()) == (2, 30, None)


def test_rows_of_many_links_are_looked_at_in_few_calls(monkeypatch):
    for minute in range(30):
        row = audit.row("team.changed", ADA, "team/shops", after(minutes=minute))
        row.save()
        audit_chain.seal([row])
    with counted(monkeypatch) as calls:
        assert audit_chain.verify(after(hours=1)).rows == 30
    assert calls == {"Query": 1 + 1, "BatchGetItem": 1, "Scan": 1}  # links, the day; rows; others


@pytest.mark.usefixtures("sealed")
def test_the_first_fault_is_named_with_its_link():
    first = AuditRow.of_day(MONDAY_9.date(), None, None)[-1]
    first.update(actions=[AuditRow.about.set("team/other")])
    AuditLink.last().update(actions=[AuditLink.rows.set([])])
    found = audit_chain.verify(after(hours=1))
    assert (found.fault, found.links) == (f"Row {first.row_id} was altered.", 1)
