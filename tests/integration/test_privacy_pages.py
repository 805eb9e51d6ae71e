"""Exports and erasures on their page, over the API and on the command line: for admins alone."""

from urllib.parse import urlsplit

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.models.job import Job
from chalicelib.services import jobs
from tests.cast import ADA, ANA, LEA, MONDAY_9, ROSA
from tests.factories import a_ticket, employ, now_of
from tests.integration.api import Api
from tests.integration.browser import Browser, Page
from tests.integration.commands import refusal, run
from tests.integration.holdings import empty_buckets
from tests.integration.lambdas import work_off_jobs

pytestmark = pytest.mark.usefixtures("cloud")

HOME = "/settings/privacy"
EXPORT, ERASE = f"{HOME}/exports", f"{HOME}/erasures"


@pytest.fixture
def ada() -> Browser:
    empty_buckets()
    employ(ADA, LEA, ANA)
    return Browser().sign_in(ADA)


def sent(browser: Browser, path: str, **typed: str) -> Page:
    return browser.submit(browser.get(HOME), path, **typed)


def test_an_admin_exports_and_fetches_the_file(ada):
    a_ticket()
    answer = sent(ada, EXPORT, address=ROSA.email, notes="yes")
    page = ada.follow(answer)
    assert f"Export all about {ROSA.id}" in page.text
    assert "Fetch the file" not in page.text
    work_off_jobs(MONDAY_9)
    for path in (answer.headers["Location"], HOME):
        page = ada.get(path)
        assert "Fetch the file" in page.text
        assert "1 of 1 request gathered" in page.text
    job_id = answer.headers["Location"].rpartition("/")[2]
    fetched = ada.get(f"{EXPORT}/{job_id}")
    assert fetched.status == 303
    assert "X-Amz-Expires=60" in fetched.headers["Location"]
    assert fetched.headers["Cache-Control"] == "no-store"
    assert jobs.find(job_id).about["notes"] is True


def test_an_admin_erases_who_is_named_twice(ada):
    ticket = a_ticket()
    answer = sent(ada, ERASE, address=ROSA.email, confirm="Rosa@shop.example ", also_open="yes")
    page = ada.follow(answer)
    assert f"Erase all about {ROSA.id}" in page.text
    work_off_jobs(MONDAY_9)
    assert now_of(ticket).requester_id.startswith("E-")
    assert "1 of 1 ticket, 1 changed" in ada.get(answer.headers["Location"]).text
    shown = ada.get(f"/desk/tickets/{ticket.ticket_id}")
    assert shown.status == 200
    assert "Erased person" in shown.text and "erased who asked" in shown.text
    assert "Rosa" not in shown.text


@pytest.mark.parametrize(
    ("path", "typed", "status", "words"),
    [
        (EXPORT, {"address": "nobody@nowhere.example"}, 422, "holds nothing about this address"),
        (EXPORT, {"address": "rosa"}, 422, "like name@example.com"),
        (EXPORT, {}, 422, "Write the mail address of the person"),
        (EXPORT, {"address": "a@b.example", "notes": "maybe"}, 422, "Something is missing"),
        (ERASE, {"address": ROSA.email}, 422, "Type the address once more"),
        (ERASE, {"address": ROSA.email, "confirm": "x@shop.example"}, 422, "exactly as above"),
        (ERASE, {"address": ROSA.email, "confirm": ROSA.email}, 409, "Still open: HD-"),
        (ERASE, {"address": ANA.email, "confirm": ANA.email}, 409, "Ana Costa works here"),
    ],
)
def test_what_cannot_be_done_says_why_and_keeps_what_was_typed(ada, path, typed, status, words):
    a_ticket()
    page = sent(ada, path, **typed)
    assert (page.status, words in page.text) == (status, True)
    assert all(f'value="{text}"' in page.text for name, text in typed.items() if name != "notes")
    assert not list(Job.latest("privacy_export", 1)) + list(Job.latest("privacy_erasure", 1))


def test_nobody_else_finds_a_way_there(ada):
    a_ticket()
    for actor in (LEA, ANA):
        browser = Browser().sign_in(actor)
        assert browser.get(HOME).status == 403
        assert browser.get(f"{EXPORT}/J-1").status == 403
        csrf = ada_csrf(browser)
        for path in (EXPORT, ERASE):
            form = {"csrf": csrf, "address": ROSA.email, "confirm": ROSA.email}
            assert browser.post(path, form).status == 403
    assert "/settings/privacy" in ada.get("/settings").text
    assert "/settings/privacy" not in Browser().sign_in(LEA).get("/settings").text


def ada_csrf(browser: Browser) -> str:
    from chalicelib.services import sessions

    found = sessions.by_secret(browser.cookies["__Host-sid"], MONDAY_9)
    return found.csrf if found else ""


def test_the_api_answers_the_job_and_once_for_a_key(ada):
    a_ticket()
    api = Api(ADA)
    first = api.post("/people/exports", {"email": ROSA.email}, Idempotency_Key="k")
    assert first.status == 202
    assert first.json["about"] == {"person": ROSA.id, "staff": None, "notes": False}
    again = api.post("/people/exports", {"email": ROSA.email}, Idempotency_Key="k")
    assert (again.status, again.json) == (202, first.json)
    path = f"/people/exports/{first.json['id']}"
    assert api.get(path).status == 409
    work_off_jobs(MONDAY_9)
    assert urlsplit(api.get(path).headers["Location"]).path.endswith("/export.zip")
    body = {"email": ROSA.email, "confirm": ROSA.email, "also_open": True}
    erasing = api.post("/people/erasures", body, Idempotency_Key="e")
    assert erasing.status == 202
    assert "_" not in "".join(name[0] for name in erasing.json["about"])
    work_off_jobs(MONDAY_9)
    assert api.post("/people/erasures", body, Idempotency_Key="e").json == erasing.json
    assert api.get(path).status == 409


def test_the_api_says_what_is_wrong_where(ada):
    a_ticket()
    api = Api(ADA)
    wrong = api.post("/people/erasures", {"email": ROSA.email, "confirm": ADA.email})
    assert (wrong.status, wrong.json["errors"][0]["pointer"]) == (422, "/confirm")
    unknown = api.post("/people/exports", {"email": "nobody@nowhere.example"})
    assert (unknown.status, unknown.json["errors"][0]["pointer"]) == (422, "/email")
    assert api.post("/people/erasures", {"email": ROSA.email, "confirm": ROSA.email}).status == 409
    assert api.get("/people/exports/J-NONE").status == 404


@pytest.mark.parametrize("actor", [ROSA, ANA, LEA], ids=lambda one: one.name)
def test_the_api_is_for_admins(ada, actor):
    api = Api(actor)
    body = {"email": ROSA.email, "confirm": ROSA.email}
    assert api.post("/people/exports", {"email": ROSA.email}).status == 403
    assert api.post("/people/erasures", body).status == 403
    assert api.get("/people/exports/J-1").status == 403


def test_operators_do_it_by_command(ada):
    ticket = a_ticket()
    job_id = run("privacy", "export", ROSA.email, "--notes").split()[1]
    work_off_jobs(MONDAY_9)
    assert "X-Amz-Expires=60" in run("privacy", "fetch", job_id)
    wrong = refusal("privacy", "erase", ROSA.email, "--confirm", ADA.email)
    assert isinstance(wrong, Invalid)
    run("privacy", "erase", ROSA.email, "--confirm", ROSA.email, "--also-open")
    work_off_jobs(MONDAY_9)
    assert now_of(ticket).erased_at
