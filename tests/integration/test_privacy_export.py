"""All that is held about somebody, in one file: theirs, whole, and nothing of others."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.domain.errors import Conflict, Invalid, NotFound, NotPermitted
from chalicelib.domain.instants import to_text
from chalicelib.domain.vocabulary import Role
from chalicelib.models.audit import AuditRow
from chalicelib.services import audit, exports, jobs, personal_data, privacy
from tests import aws
from tests.cast import ADA, ANA, LEA, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, token_for
from tests.integration.holdings import empty_buckets, holding, objects
from tests.integration.lambdas import clock, work, work_off_jobs
from tests.integration.private_life import IP, OTHERS, WORD, erased, lived
from tests.integration.uploading import bucket, config

pytestmark = pytest.mark.usefixtures("cloud")

HOSTILE = '<script>alert("x")</script>{{ 7 * 7 }}'


@pytest.fixture(autouse=True)
def buckets(cloud: None) -> None:
    empty_buckets()


def gathered(email: str = ROSA.email, notes: bool = False, now: Any = None) -> str:
    at = now or after(days=1)
    job = privacy.export(email, notes, ADA, at)
    work_off_jobs(at)
    assert jobs.view(jobs.find(job.job_id))["state"] == "finished"
    return str(job.job_id)


def opened(job_id: str) -> tuple[Any, str]:
    """`data.json` and `readable.html`, as they are fetched."""
    where = f"exports/{job_id}/export.zip"
    got = bucket().get_object(Bucket=config.attachments_bucket, Key=where)
    with zipfile.ZipFile(io.BytesIO(got["Body"].read())) as archive:
        assert archive.namelist() == ["data.json", "readable.html"]
        return json.loads(archive.read("data.json")), archive.read("readable.html").decode()


def test_it_holds_all_that_they_wrote_and_what_was_said_to_them():
    first, second, _ = lived()
    data, page = opened(gathered())
    assert [one["id"] for one in data["requests"]] == [second.ticket_id, first.ticket_id]
    text = json.dumps(data, ensure_ascii=False)
    for words in (f"The {WORD} of Rosa Lind is broken.", f"The {WORD} of last year.",
                  f"Dear Rosa Lind, which {WORD}?", f"{WORD}.txt", IP):  # fmt: skip
        assert words in text and words in page, words
    assert data["person"] == {"email": ROSA.email, "ids": [ROSA.id]}
    assert data["addresses_proven"] and data["links"]
    assert {one["action"] for one in data["acts"]} >= {"ticket.opened", "ticket.reply"}


def test_it_holds_no_internal_notes_and_nothing_of_others():
    lived()
    data, page = opened(gathered())
    text = json.dumps(data) + page
    for words in ("Her mulberry again", "She spoke of", "Cut the", OTHERS, OMAR.email, OMAR.id):
        assert words not in text, words
    kinds = {one["kind"] for each in data["requests"] for one in each["messages"]}
    assert kinds <= {"opened", "reply", "resolved", "reopened", "closed"}


def test_internal_notes_come_along_where_that_is_asked_for_and_hide_who_wrote_them():
    lived()
    data, page = opened(gathered(notes=True))
    (noted,) = [one["internal_notes"] for one in data["requests"] if one["internal_notes"]]
    assert [one["body"] for one in noted] == [f"Her {WORD} again.", f"She spoke of her {WORD}."]
    assert "Ana" not in json.dumps(noted)
    assert "She spoke of her" in page


def test_it_holds_no_secrets():
    employ(ROSA)
    a_ticket()
    token = token_for(ROSA)
    data, page = opened(gathered())
    assert [one["label"] for one in data["api_tokens"]] == ["test"]
    assert token not in json.dumps(data) + page
    assert "hash" not in json.dumps(data).casefold()


def test_of_who_works_here_it_holds_what_they_wrote_and_which_tickets_they_had():
    first = lived()[0]
    data, page = opened(gathered(ANA.email))
    assert data["requests"] == []
    assert data["profile"][0]["email"] == ANA.email
    wrote = [one["wrote"] for one in data["acts"] if "wrote" in one]
    assert {"body": f"Her {WORD} again."} in wrote
    assert first.ticket_id in {one["id"] for one in data["assignments"]}
    assert f"The {WORD} of Rosa Lind" not in json.dumps(data) + page


def test_the_page_obeys_nothing_that_was_typed():
    a_ticket(subject=HOSTILE, description=HOSTILE)
    _, page = opened(gathered())
    assert "<script" not in page
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;{{ 7 * 7 }}" in page
    assert "default-src 'none'" in page


def test_many_requests_are_gathered_page_by_page(monkeypatch):
    monkeypatch.setattr(personal_data, "PAGE", 2)
    monkeypatch.setattr(personal_data, "ROWS", 3)
    from tests.integration import whole_desk

    found = [a_ticket(now=after(minutes=minute)).ticket_id for minute in range(5)]
    whole_desk.run(after(hours=1))
    data, _ = opened(job := gathered())
    assert [one["id"] for one in data["requests"]] == found[::-1]
    assert len([one for one in data["acts"] if one["action"] == "ticket.opened"]) == 5
    view = jobs.view(jobs.find(job))
    assert (view["seen"], view["total"]) == (5, 5)


def test_a_page_that_is_done_twice_doubles_nothing(monkeypatch):
    from chalicelib.handlers.workers.jobs import run_jobs

    monkeypatch.setattr(personal_data, "PAGE", 1)
    for minute in range(3):
        a_ticket(now=after(minutes=minute))
    job = privacy.export(ROSA.email, False, ADA, after(days=1))
    clock.use(lambda: after(days=1))
    for _ in range(30):
        for message in (told := aws.queued("jobs")):
            work(run_jobs, [message, message] if len(told) == 1 else [message])
    data, _ = opened(job.job_id)
    assert len(data["requests"]) == 3


def test_it_is_fetched_by_an_address_that_lives_a_minute():
    a_ticket()
    job_id = gathered()
    where = urlsplit(exports.address_of(job_id, ADA, after(days=1)))
    query = {name: values[0] for name, values in parse_qs(where.query).items()}
    assert where.path == f"/exports/{job_id}/export.zip"
    assert query["X-Amz-Expires"] == "60"
    assert query["response-content-disposition"].startswith(f'attachment; filename="{ROSA.id}.zip"')


def test_nobody_but_admins_begins_or_fetches_it():
    a_ticket()
    job_id = gathered()
    for actor in (ANA, LEA, ROSA):
        with pytest.raises(NotPermitted):
            privacy.export(ROSA.email, False, actor, after(days=1))
        with pytest.raises(NotPermitted):
            exports.address_of(job_id, actor, after(days=1))


def test_what_is_not_ready_not_an_export_or_too_old_is_not_fetched():
    a_ticket()
    job = privacy.export(ROSA.email, False, ADA, MONDAY_9)
    other = jobs.start("sla_recompute", {}, ADA, MONDAY_9)
    with pytest.raises(Conflict, match="still being put together"):
        exports.address_of(job.job_id, ADA, MONDAY_9)
    for name in (other.job_id, "J-NONE"):
        with pytest.raises(NotFound):
            exports.address_of(name, ADA, MONDAY_9)
    work_off_jobs(MONDAY_9)
    with pytest.raises(Conflict, match="seven days"):
        exports.address_of(job.job_id, ADA, MONDAY_9 + timedelta(days=8))


def test_an_erasure_takes_exports_away_too():
    a_ticket()
    job_id = gathered()
    assert [place for place, _ in objects()].count("object exports")
    erased(also_open=True)
    assert holding("exports/") == [] and "object exports" not in {place for place, _ in objects()}
    with pytest.raises(Conflict, match="not there any more"):
        exports.address_of(job_id, ADA, after(days=3))


def test_it_is_audited_at_both_ends_and_the_job_keeps_no_address():
    a_ticket()
    job_id = gathered()
    found = {one.action: one for one in AuditRow.of_day(after(days=1).date(), None, None)}
    assert found["person.export_began"].actor_id == ADA.id
    assert found["person.exported"].after == {"requests": 1}
    assert jobs.find(job_id).about == {"person": ROSA.id, "staff": None, "notes": False}
    assert "jobs" not in holding(ROSA.email)


def test_of_whom_nothing_is_held_there_is_nothing_to_export():
    with pytest.raises(Invalid, match="holds nothing"):
        privacy.export("nobody@nowhere.example", False, ADA, MONDAY_9)


def test_all_acts_are_in_it_however_many_pages_these_take(monkeypatch):
    monkeypatch.setattr(personal_data, "ROWS", 3)
    a_ticket(now=after(minutes=1))
    for minute in range(10):
        audit.row("guest.came", ROSA, "a link", after(minutes=minute)).save()
    data, _ = opened(gathered())
    came = [one["at"] for one in data["acts"] if one["action"] == "guest.came"]
    assert came == [to_text(after(minutes=minute)) for minute in reversed(range(10))]


def test_who_was_hired_under_the_id_by_which_they_asked_is_in_it_once():
    employ(replace(ROSA, role=Role.AGENT), tiers=[1])
    audit.row("guest.came", ROSA, "a link", MONDAY_9).save()
    data, _ = opened(gathered())
    assert len(data["profile"]) == 1
    assert [one["action"] for one in data["acts"]].count("guest.came") == 1
