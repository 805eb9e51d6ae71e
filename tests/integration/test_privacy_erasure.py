"""Somebody is erased: nothing that is held leads to them, and all figures are as they were."""

from typing import Any

import pytest

from chalicelib.domain.errors import Conflict, Invalid, NotPermitted
from chalicelib.domain.people import requester_id
from chalicelib.domain.privacy import NAME
from chalicelib.handlers.workers.notifications import send_notifications
from chalicelib.models.audit import AuditRow
from chalicelib.models.ticket import Ticket
from chalicelib.services import (
    attainment,
    audit_chain,
    conversations,
    jobs,
    privacy,
    settings,
    staff,
    tickets,
    what_if,
    worklist,
)
from tests import aws
from tests.cast import ADA, ANA, CHI, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import (
    a_policy,
    a_ticket,
    employ,
    employ_everyone,
    entries_of,
    kinds_of,
    now_of,
)
from tests.integration import whole_desk
from tests.integration.api import Api, a_request
from tests.integration.holdings import empty_buckets, holding, rows
from tests.integration.killing import copy_of_all, put_back
from tests.integration.lambdas import work, work_off_jobs
from tests.integration.private_life import IP, OTHERS, WORD, erased, lived, told
from tests.integration.promises import all_targets

pytestmark = pytest.mark.usefixtures("cloud")


_lived: dict[str, Any] = {}


@pytest.fixture
def life(cloud: None) -> list[Ticket]:
    """Lived once, and put back for each test, but for files in the buckets."""
    if not _lived:
        empty_buckets()
        _lived.update(tickets=lived(), kept=copy_of_all())
    put_back(_lived["kept"])
    settings.forget(), staff.forget()
    return [now_of(one) for one in _lived["tickets"]]


def shapes() -> dict:
    """What lists, queues and reports tell, without who asked."""
    now = after(days=3)
    every = worklist.page(worklist.Wanted(), ADA, now, 100, None).tickets
    draft = what_if.draft_of({"policy": a_policy(targets=all_targets(first_response=60))})
    return {
        "list": [(t.ticket_id, t.status, t.priority, int(t.tier), t.list_rank, t.list_name,
                  t.created_at, t.updated_at, t.resolved_at, t.assignee_id) for t in every],
        "queues": worklist.queues(now),
        "attainment": attainment.of_month("2026-11"),
        "what_if": [(page.seen, page.changed) for page in what_if.pages(draft, 30, now)],
        "clocks": [[{**one, "override": None} for one in t.sla["clocks"]] for t in every],
        "kinds": [[(one.kind, one.at, one.by["role"], one.entry_id) for one in entries_of(t)
                   if one.kind != "erased"] for t in every],
    }  # fmt: skip


def test_nothing_that_is_held_leads_to_them(cloud):
    empty_buckets()
    lived()
    assert set(holding(WORD)) == {
        "attachments",
        "jobs",
        "object incoming",
        "object kept",
        "tickets",
        "timeline",
    }
    assert {"tickets", "timeline"} <= set(holding(ROSA.email, "Rosa"))
    erased()
    whole_desk.run(after(days=3))
    assert holding(WORD, ROSA.email, "Rosa", "Lind", IP) == []


def test_only_the_audit_keeps_the_id(life):
    erased()
    whole_desk.run(after(days=3))
    assert holding(ROSA.id) == ["audit", "jobs"]
    about = [job.about for job in privacy.latest(ADA)]
    assert about == [{"person": ROSA.id, "staff": None}]


def test_what_others_have_stays(life):
    mine = {place for place, text in rows() if OTHERS in text}
    erased()
    assert {place for place, text in rows() if OTHERS in text} == mine
    assert [now_of(life[2]).requester["email"], now_of(life[2]).erased_at] == [OMAR.email, None]


def test_figures_lists_and_the_shape_of_histories_are_as_before(life):
    before = shapes()
    erased()
    assert shapes() == before


def test_each_request_gets_one_entry_and_leads_to_one_pseudonym(life):
    first, second, _ = life
    erased()
    found = [now_of(one) for one in (first, second)]
    assert len({one.requester_id for one in found}) == 1
    assert [kinds_of(one)[-1] for one in found] == ["erased", "erased"]
    assert [kinds_of(one).count("erased") for one in found] == [1, 1]
    assert entries_of(first, "erased")[0].by["id"] == "system"
    assert found[0].requester["name"] == NAME
    assert found[0].requester_id not in (ROSA.id, requester_id(found[0].requester["email"]))
    asked = worklist.Wanted(requester=found[0].requester_id)
    page = worklist.page(asked, ADA, after(days=3), 10, None)
    assert {one.ticket_id for one in page.tickets} == {first.ticket_id, second.ticket_id}


def test_they_are_found_by_nobody_and_begin_afresh(life):
    erased()
    assert Api(ADA).get(f"/tickets?requester={ROSA.email}").json["items"] == []
    assert Api(ROSA).get("/tickets").json["items"] == []
    assert Api(ROSA).get(f"/tickets/{life[0].ticket_id}").status == 404
    fresh = Api(ROSA).post("/tickets", a_request())
    assert fresh.status == 201
    assert [one["id"] for one in Api(ROSA).get("/tickets").json["items"]] == [fresh.json["id"]]


def test_what_is_asked_after_the_erasure_began_is_left_alone(life):
    job = privacy.erase(ROSA.email, ROSA.email, False, ADA, after(days=3))
    fresh = a_ticket(now=after(days=3, minutes=1))
    work_off_jobs(after(days=3, minutes=2))
    assert jobs.find(job.job_id).finished_at
    assert now_of(fresh).requester_id == ROSA.id


def test_an_erased_request_mails_nobody(life):
    ticket = a_ticket(now=after(hours=7))
    conversations.reply(ticket.ticket_id, "A word.", ANA, after(hours=8))
    tickets.resolve(ticket.ticket_id, "Done.", None, ANA, after(hours=8))
    whole_desk.run(after(hours=9))
    waiting = aws.queued("notifications")
    assert waiting
    erased()
    aws.sent_mail_store().clear()
    whole_desk.run(after(days=3))
    for message in [*waiting, *aws.queued("notifications")]:
        assert work(send_notifications, [message]) == {"batchItemFailures": []}
    assert aws.sent_mail_store() == []


def test_a_solved_request_closes_by_itself_and_is_not_opened_again(life):
    erased()
    with pytest.raises(Conflict):
        tickets.reopen(life[0].ticket_id, ANA, after(days=3))
    whole_desk.tick(after(days=6))
    assert now_of(life[0]).status == "closed"


def test_open_requests_are_named_or_cancelled(life):
    ticket = a_ticket(now=after(days=1), subject=f"An open {WORD}")
    with pytest.raises(Conflict, match=f"Still open: {ticket.ticket_id}"):
        privacy.erase(ROSA.email, ROSA.email, False, ADA, after(days=3))
    erased(also_open=True)
    found = now_of(ticket)
    assert (found.status, found.due_at, found.subject) == ("cancelled", None, "(erased)")
    assert holding(WORD) == []


def test_a_request_in_work_is_cancelled_too_and_weighs_on_nobody(life):
    ticket = a_ticket(now=after(days=1))
    whole_desk.run(after(days=1))
    conversations.reply(ticket.ticket_id, "On it.", ANA, after(days=1, hours=1))
    assert now_of(ticket).carried
    erased(also_open=True)
    assert (now_of(ticket).status, now_of(ticket).carried) == ("cancelled", None)


def test_it_is_audited_at_both_ends_and_the_chain_holds(life):
    erased()
    whole_desk.run(after(days=3))
    whole_desk.run(after(days=3, hours=1))
    found = {one.action: one for one in AuditRow.of_day(after(days=3).date(), None, None)}
    assert found["person.erasure_began"].actor_id == ADA.id
    assert found["person.erased"].after == {"requests": 2}
    assert {found[one].about for one in ("person.erasure_began", "person.erased")} == {ROSA.id}
    assert found["file.erased"].about == life[0].ticket_id
    assert audit_chain.verify(after(days=3, hours=2)).fault is None


def test_the_audit_holds_of_requesters_no_more_than_their_id(life):
    mine = [text for place, text in rows() if place == "audit" and ROSA.id in text]
    assert any('"198.51.100.0/24"' in text for text in mine)
    assert "audit" not in holding(ROSA.email, "Rosa", IP, WORD)


def test_twice_is_refused_at_once_and_finds_nothing_later(life):
    privacy.erase(ROSA.email, ROSA.email, False, ADA, after(days=3))
    with pytest.raises(Conflict, match="under way"):
        privacy.erase(ROSA.email, ROSA.email, False, ADA, after(days=3))
    with pytest.raises(Conflict, match="under way"):
        privacy.export(ROSA.email, False, ADA, after(days=3))
    work_off_jobs(after(days=3))
    with pytest.raises(Invalid, match="holds nothing"):
        privacy.erase(ROSA.email, ROSA.email, False, ADA, after(days=4))


def test_only_who_may_configure_and_says_it_twice_erases(life):
    for actor in (ANA, LEA, ROSA):
        with pytest.raises(NotPermitted):
            privacy.erase(ROSA.email, ROSA.email, False, actor, after(days=3))
    with pytest.raises(Invalid, match="once more"):
        privacy.erase(ROSA.email, OMAR.email, False, ADA, after(days=3))


def test_an_organisation_stays_where_a_policy_is_for_it(life):
    from chalicelib.services import sla_settings

    data = a_policy(id="shop", name="Shop", conditions={"organisation": ["shop.example"]})
    sla_settings.put_policy(data, ADA, after(days=2))
    work_off_jobs(after(days=2))
    settings.forget()
    before = shapes()
    erased()
    assert now_of(life[0]).organisation == "shop.example"
    assert shapes() == before


def test_an_account_and_all_that_opens_anything_goes(life):
    employ(ROSA)
    token = Api(ROSA)
    assert token.get("/people/me").status == 200
    erased()
    assert token.get("/people/me").status == 401
    assert holding(ROSA.email) == []
    assert [place for place, text in rows() if ROSA.id in text and place == "tokens"] == []


def test_who_works_here_has_to_leave_first(cloud):
    employ_everyone()
    with pytest.raises(Conflict, match="works here"):
        erased(CHI)


def test_a_solved_ticket_of_long_ago_is_erased_as_well(life):
    told(after(days=4))
    whole_desk.tick(after(days=400))
    erased(at=after(days=500) - MONDAY_9)
    assert holding(WORD, "Rosa") == []
