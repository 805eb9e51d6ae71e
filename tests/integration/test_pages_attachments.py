"""Files on pages: sent with a script or without one, shown with their messages, opened by few."""

import re
from urllib.parse import urlsplit

import pytest

from chalicelib.adapters import clock
from chalicelib.config import config
from chalicelib.domain.rates import Rate
from chalicelib.models.ticket import Ticket
from chalicelib.services import conversations, guests, limits
from tests.cast import ANA, BEN, MONDAY_9, OMAR, ROSA, after
from tests.factories import a_ticket, employ, employ_everyone, entries_of
from tests.integration.browser import Browser, Page
from tests.integration.uploading import EICAR, put, row, s3_form, settled, told

pytestmark = pytest.mark.usefixtures("cloud")

TYPED = {
    "subject": "The till is frozen", "stops": "stopped", "description": "Since nine.",
    "email": "rosa@shop.example",
}  # fmt: skip


@pytest.fixture
def rosa() -> Browser:
    employ_everyone()
    employ(ROSA)
    return Browser().sign_in(ROSA)


@pytest.fixture
def ana() -> Browser:
    employ_everyone()
    return Browser().sign_in(ANA)


def follow(ticket: Ticket) -> Browser:
    """A guest who has come by the link of their mail."""
    own_pass = guests.pass_for(ticket, MONDAY_9)
    return Browser({f"__Host-guest-{ticket.ticket_id}": own_pass})


def filed(guest: Browser, page: Page, seconds: int = 20, **typed: str) -> Page:
    """The form of new requests as somebody sends it who has read it first."""
    clock.use(lambda: after(seconds=seconds))
    return guest.submit(page, "/", **{**TYPED, **typed})


def sent(browser: Browser, page: Page, form: str, to: str, content: bytes = b"hello",
         name: str = "note.txt") -> str:  # fmt: skip
    """As the page's script does it: ask, send to S3, and note what the message names it by."""
    hidden = {
        one: page.forms[form][one] for one in ("csrf", "upload_key") if one in page.forms[form]
    }
    answer = browser.post(to, {**hidden, "name": name, "size": str(len(content))})
    assert answer.status == 200, answer.text
    asked = told(answer.text)
    put(asked["fields"]["key"], content)
    return str(asked["upload"])


def said(browser: Browser, ticket: Ticket, **more: str) -> Page:
    """A reply of the requester, with files."""
    base = f"/requests/{ticket.ticket_id}"
    page = browser.get(base)
    upload = sent(browser, page, f"{base}/replies", f"{base}/files", **more)  # type: ignore[arg-type]
    return browser.submit(page, f"{base}/replies", body="See the file.", attachments=upload)


def newest() -> Ticket:
    return next(iter(Ticket.scan()))


def links(page: Page) -> list[str]:
    return re.findall(r'href="(/attachments/[^"]+)"', page.text)


def test_a_new_request_carries_what_its_form_has_sent(guest):
    page = guest.get("/")
    uploads = [sent(guest, page, "/", "/uploads", name=f"{n}.txt") for n in range(2)]
    answer = filed(guest, page, attachments=" ".join(uploads))
    assert answer.status == 303, answer.text
    assert len(newest().files) == 2


def test_a_form_that_has_to_be_sent_again_keeps_its_files(guest):
    page = guest.get("/")
    upload = sent(guest, page, "/", "/uploads", name="till <b>.png")
    again = filed(guest, page, stops="", attachments=upload)
    assert again.status == 422
    assert "till &lt;b&gt;.png" in again.text
    hidden = again.forms["/"]
    assert (hidden["attachments"], hidden["upload_key"]) == (upload, page.forms["/"]["upload_key"])
    assert filed(guest, again, 40).status == 303
    assert len(newest().files) == 1


def test_a_file_of_another_form_is_refused_and_what_was_typed_is_kept(guest):
    upload = sent(guest, guest.get("/"), "/", "/uploads")
    answer = filed(guest, guest.get("/"), attachments=upload)
    assert answer.status == 422
    assert "not yours" in answer.text and "Since nine." in answer.text
    assert answer.forms["/"]["attachments"] == ""
    assert not list(Ticket.scan())


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"name": "a", "size": "0"}, "25 MB"), ({"name": "a", "size": "26214401"}, "25 MB"),
     ({"name": "a"}, "25 MB"), ({"name": "a", "size": "x"}, "25 MB"), ({"size": "5"}, ""),
     ({"name": "a", "size": "5", "upload_key": "short"}, ""), ({"name": "a", "size": "5"}, "")],
)  # fmt: skip
def test_a_script_is_told_in_words_what_is_wrong(guest, fields, words):
    key = (
        {} if len(fields) == 3 or fields == {"name": "a", "size": "5"} else {"upload_key": "k" * 20}
    )
    answer = guest.post("/uploads", {**key, **fields})
    assert answer.status == 422
    assert words in told(answer.text)["detail"]


def test_a_guest_sends_a_file_and_opens_it(cloud):
    ticket = a_ticket()
    guest = follow(ticket)
    assert said(guest, ticket, name="\u200b.htaccess").status == 303
    waits = guest.get(f"/requests/{ticket.ticket_id}")
    assert "being checked" in waits.text and not links(waits)
    settled()
    (link,) = links(guest.get(f"/requests/{ticket.ticket_id}"))
    answer = guest.get(link)
    assert answer.status == 303
    assert "filename%3D%22htaccess%22" in answer.headers["Location"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_same_message_sent_twice_carries_its_file_once(cloud):
    ticket = a_ticket()
    guest = follow(ticket)
    base = f"/requests/{ticket.ticket_id}"
    page = guest.get(base)
    upload = sent(guest, page, f"{base}/replies", f"{base}/files")
    for _ in range(2):
        answer = guest.submit(page, f"{base}/replies", body="See.", attachments=upload)
        assert answer.status == 303
    assert len(entries_of(ticket, "reply")) == 1
    other = guest.submit(guest.get(base), f"{base}/replies", body="Again.", attachments=upload)
    assert other.status == 409
    assert "on another message already" in other.text and "Again." in other.text


def test_nobody_else_opens_a_guests_file(cloud):
    employ_everyone()
    employ(OMAR)
    ticket = a_ticket()
    guest = follow(ticket)
    said(guest, ticket)
    settled()
    (link,) = links(guest.get(f"/requests/{ticket.ticket_id}"))
    stranger, omar = follow(a_ticket(OMAR)), Browser().sign_in(OMAR)
    for absent in ("/attachments/F-" + "a" * 22, "/attachments/nothing"):
        assert told_of(stranger.get(absent), absent) == told_of(stranger.get(link), link)
        assert told_of(omar.get(absent), absent) == told_of(omar.get(link), link)
    assert omar.get(link).status == 404
    assert stranger.get(link).status == 303
    assert "/sign-in" in stranger.get(link).headers["Location"]
    assert "s3" in Browser().sign_in(ANA).get(link).headers["Location"]


def told_of(page: Page, address: str) -> tuple[int, str, str]:
    """What an answer gives away, but for the address itself."""
    where = page.headers.get("Location", "").replace(address, "")
    text = re.sub(r'"mono">[^<]*', "", page.text.replace(address, ""))  # the request's own id
    return page.status, where, text


def test_an_infected_file_has_no_link_and_says_so(cloud):
    ticket = a_ticket()
    guest = follow(ticket)
    said(guest, ticket, content=EICAR, name="virus.com")
    settled()
    page = guest.get(f"/requests/{ticket.ticket_id}")
    assert "virus.com" in page.text and "blocked: harmful" in page.text
    assert not links(page)
    blocked = guest.get(f"/attachments/{Ticket.get(ticket.ticket_id).files[0]}")
    assert blocked.status == 409 and "harmful" in blocked.text


@pytest.mark.parametrize("kind", ["reply", "note", "call"])
def test_an_agent_sends_a_file_with_any_message(ana, kind):
    ticket = a_ticket()
    base = f"/desk/tickets/{ticket.ticket_id}"
    page = ana.get(base)
    upload = sent(ana, page, f"{base}/messages", f"{base}/files")
    answer = ana.submit(page, f"{base}/messages", kind=kind, body="See.", attachments=upload)
    assert answer.status == 303, answer.text
    settled()
    (link,) = links(ana.get(base))
    assert ana.get(link).status == 303
    guest = follow(ticket)
    is_public = kind == "reply"
    assert bool(links(guest.get(f"/requests/{ticket.ticket_id}"))) == is_public
    assert guest.get(link).status == (303 if is_public else 404)


def test_a_message_that_is_held_back_keeps_its_files(ana):
    ticket = a_ticket()
    base = f"/desk/tickets/{ticket.ticket_id}"
    page = ana.get(base)
    upload = sent(ana, page, f"{base}/messages", f"{base}/files", name="plan.pdf")
    conversations.note(ticket.ticket_id, "Meanwhile.", BEN, MONDAY_9)
    answer = ana.submit(page, f"{base}/messages", kind="reply", body="See.", attachments=upload)
    assert answer.status == 409
    assert "plan.pdf" in answer.text
    assert answer.forms[f"{base}/messages"]["attachments"] == upload


def test_without_scripts_files_go_one_by_one_and_then_the_message(cloud):
    ticket = a_ticket()
    guest = follow(ticket)
    address = f"/requests/{ticket.ticket_id}/files"
    for n in (1, 2):
        form = s3_form(guest.get(address).text)
        assert urlsplit(form["url"]).netloc == config.files_host
        back = form["fields"]["success_action_redirect"]
        assert back.startswith(f"https://desk.example/requests/{ticket.ticket_id}/files?files=")
        name = f"=?UTF-8?Q?{n}_=C3=BC.txt?="
        put(form["fields"]["key"], b"hello", Metadata={"name": name})
        address = f"{back.removeprefix('https://desk.example')}&bucket=b&key=k&etag=e"
    page = guest.get(address)
    assert "1 ü.txt" in page.text and "2 ü.txt" in page.text
    base = f"/requests/{ticket.ticket_id}"
    answer = guest.submit(page, f"{base}/replies", body="Both.")
    assert answer.status == 303, answer.text
    settled()
    assert len(links(guest.get(base))) == 2


def test_an_agent_without_scripts_chooses_who_gets_the_files(ana):
    ticket = a_ticket()
    base = f"/desk/tickets/{ticket.ticket_id}"
    form = s3_form(ana.get(f"{base}/files").text)
    put(form["fields"]["key"], b"hello", Metadata={"name": "plan.txt"})
    page = ana.get(form["fields"]["success_action_redirect"].removeprefix("https://desk.example"))
    answer = ana.submit(page, f"{base}/messages", kind="note", body="For us.")
    assert answer.status == 303, answer.text
    assert not row({"id": Ticket.get(ticket.ticket_id).files[0]}).public


def test_the_page_without_scripts_is_for_who_may_see_the_request(cloud):
    ticket = a_ticket()
    assert "/sign-in" in Browser().get(f"/requests/{ticket.ticket_id}/files").headers["Location"]
    employ(OMAR)
    omar = Browser().sign_in(OMAR)
    assert omar.get(f"/requests/{ticket.ticket_id}/files").status == 404
    assert omar.get(f"/desk/tickets/{ticket.ticket_id}/files").status == 403
    asked = {"name": "a", "size": "5", "csrf": omar.get("/").forms["/"]["csrf"]}
    assert omar.post(f"/requests/{ticket.ticket_id}/files", asked).status == 404
    assert omar.post("/requests/HD-0000000/files", asked).status == 404


def test_a_file_that_has_not_come_is_not_on_the_page_without_scripts(cloud):
    ticket = a_ticket()
    guest = follow(ticket)
    address = f"/requests/{ticket.ticket_id}/files"
    back = s3_form(guest.get(address).text)["fields"]["success_action_redirect"]
    page = guest.get(back.removeprefix("https://desk.example"))
    assert page.status == 200 and "arrived" not in page.text.replace("when it has arrived", "")
    assert guest.get(f"{address}?files=x+y+z").status == 200


def test_only_pages_that_send_files_may_speak_to_the_bucket(guest, ana):
    ticket = a_ticket()
    for page in (guest.get("/"), ana.get(f"/desk/tickets/{ticket.ticket_id}")):
        policy = page.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; ")
        assert (
            f"connect-src 'self' {config.files_host}; form-action 'self' {config.files_host};"
            in policy
        )
        assert "upload-" in page.text
    assert config.files_host not in ana.get("/desk").headers["Content-Security-Policy"]
    assert config.files_host.startswith(config.attachments_bucket)


def test_a_script_may_not_ask_without_the_forms_token(ana):
    ticket = a_ticket()
    path = f"/desk/tickets/{ticket.ticket_id}/files"
    assert ana.post(path, {"name": "a", "size": "5"}).status == 403


def test_too_many_uploads_are_slowed_down(guest, monkeypatch):
    monkeypatch.setattr(limits, "UPLOAD_BLOCK", Rate("upload-test", 2, limits.HOUR))
    asked = {"name": "a", "size": "5", "upload_key": "k" * 20}
    answers = [guest.post("/uploads", asked) for _ in range(3)]
    assert [one.status for one in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert "too often" in told(answers[2].text)["detail"]


def test_where_nothing_checks_files_no_page_offers_to_send_any(guest, monkeypatch):
    monkeypatch.setitem(vars(config), "file_scanner", "none")
    assert "data-upload-to" not in guest.get("/").text
