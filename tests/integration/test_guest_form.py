"""The portal's form against programs: time, proof of work, limits; and nothing typed is lost."""

import base64
import json
from datetime import timedelta

import pytest
from altcha import Challenge, Payload, solve_challenge

from chalicelib.adapters import clock
from chalicelib.models.ticket import Ticket
from chalicelib.services import limits, proofs
from tests.cast import ANA, MONDAY_9, ROSA, after
from tests.factories import employ_everyone
from tests.integration.browser import Browser, Page

pytestmark = pytest.mark.usefixtures("cloud")

REQUEST = {
    "subject": "The till is frozen",
    "stops": "stopped",
    "description": "Since nine. <b>Twice</b>.",
    "email": "rosa@shop.example",
}


@pytest.fixture(autouse=True)
def easy(monkeypatch):
    """A proof that takes no time."""
    monkeypatch.setattr(proofs, "COST", 1)


def wait(**span: float) -> None:
    clock.use(lambda: after(**span))


def solved(browser: Browser) -> str:
    """What a browser with JavaScript adds to the form."""
    challenge = Challenge.from_dict(json.loads(browser.get("/altcha").text))
    solution = solve_challenge(challenge)
    assert solution
    return Payload(challenge, solution).to_base64()


def filed(guest: Browser, page: Page | None = None, **typed: str) -> Page:
    return guest.submit(page or guest.get("/"), "/", **{**REQUEST, **typed})


def stored() -> list[Ticket]:
    return Ticket.asked_by(ROSA.id, None, 20)


def asks_again(page: Page, words: str) -> None:
    """Nothing is stored, and nothing that was typed is lost."""
    assert page.status == 422
    assert words in page.text
    assert "The till is frozen" in page.text
    assert "Since nine. &lt;b&gt;Twice&lt;/b&gt;." in page.text
    assert 'value="rosa@shop.example"' in page.text
    assert stored() == []


def test_without_javascript_it_is_taken_and_marked(guest):
    page = guest.get("/")
    wait(seconds=2)
    assert filed(guest, page).status == 303
    assert stored()[0].tags == ["unverified"]


def test_with_a_proof_it_is_taken_however_quick_a_browser_filled_it_in(guest):
    assert filed(guest, proof=solved(guest)).status == 303
    assert not stored()[0].tags


def test_a_form_sent_in_a_moment_is_asked_for_again_and_then_taken(guest):
    page = guest.get("/")
    wait(seconds=1)
    again = filed(guest, page)
    asks_again(again, "That was quick.")
    wait(seconds=3)
    assert filed(guest, again).status == 303


def test_a_form_older_than_a_day_is_asked_for_again_and_then_taken(guest):
    page = guest.get("/")
    wait(hours=24, seconds=1)
    again = filed(guest, page)
    asks_again(again, "more than a day")
    wait(hours=24, seconds=10)
    assert filed(guest, again).status == 303


@pytest.mark.parametrize("how", ["made up", "altered", "earlier"])
def test_the_time_on_a_form_cannot_be_forged(guest, how):
    key = guest.get("/").forms["/"]["idempotency_key"]
    opened = f"{int((MONDAY_9 - timedelta(hours=1)).timestamp()):08x}"
    forged = {"made up": "k" * 24, "altered": key[:-1] + ("A" if key[-1] != "A" else "B"),
              "earlier": opened + key[8:]}[how]  # fmt: skip
    page = guest.post("/", {**REQUEST, "idempotency_key": forged})
    asks_again(page, "Please send it once more.")


def test_the_time_is_read_back_from_a_forms_key():
    assert proofs.opened_at(proofs.form_key(MONDAY_9)) == MONDAY_9
    assert proofs.opened_at("") is None
    assert proofs.form_key(MONDAY_9) != proofs.form_key(MONDAY_9)


def test_a_proof_is_good_for_one_form(guest):
    proof = solved(guest)
    assert filed(guest, proof=proof).status == 303
    again = filed(guest, proof=proof)
    assert again.status == 422
    assert "Please send it once more." in again.text
    assert len(stored()) == 1
    assert filed(guest, again, proof=solved(guest)).status == 303


def test_the_same_form_sent_twice_with_its_proof_is_one_request(guest):
    page, proof = guest.get("/"), solved(guest)
    first, second = (filed(guest, page, proof=proof) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(stored()) == 1


def forged(proof: str, how: str) -> str:
    data = json.loads(base64.b64decode(proof))
    changes = {
        "cheaper": lambda: data["challenge"]["parameters"].update(cost=1, keyPrefix=""),
        "later": lambda: data["challenge"]["parameters"]["data"].update(until=2**40),
        "no time": lambda: data["challenge"]["parameters"].pop("data"),
        "unsigned": lambda: data["challenge"].pop("signature"),
        "other key": lambda: data["solution"].update(derivedKey="00" * 32),
        "other number": lambda: data["solution"].update(counter=-1),
        "a list": lambda: data.update(challenge=[]),
        "odd types": lambda: data.update(challenge={"parameters": 5, "signature": {}}),
        "odd signature": lambda: data["challenge"].update(signature=["x"]),
    }
    changes[how]()
    return base64.b64encode(json.dumps(data).encode()).decode()


FORGERIES = ("cheaper", "later", "no time", "unsigned", "other key", "other number", "a list",
             "odd types", "odd signature")  # fmt: skip


@pytest.mark.parametrize("how", FORGERIES)
def test_an_altered_proof_is_asked_for_again(guest, how):
    asks_again(filed(guest, proof=forged(solved(guest), how)), "once more")


@pytest.mark.parametrize("proof", ["x", "====", "bnVsbA==", "W10=", "é", "W" * 1999, "a b"])
def test_what_is_no_proof_is_asked_for_again(guest, proof):
    asks_again(filed(guest, proof=proof), "once more")


def test_deep_nesting_in_a_proof_breaks_nothing(guest):
    asks_again(filed(guest, proof=base64.b64encode(b"[" * 1400).decode()), "once more")


def test_a_proof_ends_after_ten_minutes_by_the_desks_clock(guest):
    page, proof = guest.get("/"), solved(guest)
    wait(minutes=10, seconds=1)
    asks_again(filed(guest, page, proof=proof), "once more")


def test_the_challenge_is_real_work_and_kept_by_no_cache(guest, monkeypatch):
    monkeypatch.undo()
    page = guest.get("/altcha")
    parameters = json.loads(page.text)["parameters"]
    assert parameters["algorithm"] == "PBKDF2/SHA-256"
    assert (parameters["cost"], parameters["keyPrefix"]) == (5000, "00")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Content-Type"] == "application/json"


def test_a_field_that_only_programs_fill_in_is_shown_to_whom_it_was_filled_in_for(guest):
    page = filed(guest, fax_number="555", proof=solved(guest))
    asks_again(page, "Leave this field empty.")
    assert 'class="trap"' not in page.text


def from_neighbours(times: int, with_proof: bool) -> list[Page]:
    answers = []
    for number in range(times):
        guest = Browser()
        page, proof = guest.get("/"), solved(guest) if with_proof else ""
        wait(seconds=5)
        answers.append(filed(guest, page, email=f"guest{number}@shop.example", proof=proof))
        wait()
    return answers


def test_without_a_proof_one_block_of_addresses_has_less_room(guest, monkeypatch):
    monkeypatch.setattr(limits, "FORM_PLAIN", limits.Rate("form-plain", 2, limits.HOUR))
    monkeypatch.setattr(limits, "FORM_PROVEN", limits.Rate("form", 4, limits.HOUR))
    plain = from_neighbours(3, with_proof=False)
    assert [one.status for one in plain] == [303, 303, 429]
    proven = from_neighbours(5, with_proof=True)
    assert [one.status for one in proven] == [303, 303, 303, 303, 429]
    refused = plain[-1]
    assert refused.headers["Retry-After"] == "1800"
    assert refused.headers["RateLimit"] == '"form-plain";r=0;t=1800'
    assert "Since nine. &lt;b&gt;Twice&lt;/b&gt;." in refused.text
    assert "wait 30 minutes" in refused.text


def test_one_mail_address_has_its_own_limit(guest, monkeypatch):
    monkeypatch.setattr(limits, "FORM_MAIL", limits.Rate("form-mail", 2, limits.HOUR))
    answers = [filed(Browser(), proof=solved(guest)) for _ in range(3)]
    assert [one.status for one in answers] == [303, 303, 429]
    assert filed(Browser(), proof=solved(guest), email="omar@clinic.example").status == 303


def test_a_header_that_names_another_address_gives_no_more_room(guest, monkeypatch):
    monkeypatch.setattr(limits, "FORM_PROVEN", limits.Rate("form", 1, limits.HOUR))
    page, proof = guest.get("/"), solved(guest)
    filed(guest, page, proof=proof, email="one@shop.example")
    body = {**guest.get("/").forms["/"], **REQUEST, "proof": solved(guest)}
    assert guest.post("/", body, x_forwarded_for="198.51.100.9").status == 429


def test_wrong_forms_take_nothing_from_the_limit(guest, monkeypatch):
    monkeypatch.setattr(limits, "FORM_PROVEN", limits.Rate("form", 1, limits.HOUR))
    for _ in range(5):
        assert filed(guest, email="rosa").status == 422
    assert filed(guest, proof=solved(guest)).status == 303


def test_who_is_signed_in_needs_no_proof_and_is_not_marked(guest):
    employ_everyone()
    browser = guest.sign_in(ANA)
    assert filed(browser).status == 303
    assert not stored()[0].tags


def test_a_proof_that_is_used_up_takes_no_room_of_an_address(guest, monkeypatch):
    monkeypatch.setattr(limits, "FORM_MAIL", limits.Rate("form-mail", 1, limits.HOUR))
    proof = solved(guest)
    assert filed(guest, proof=proof, email="omar@clinic.example").status == 303
    for _ in range(3):
        asks_again(filed(guest, proof=proof), "Please send it once more.")
    assert filed(guest, proof=solved(guest)).status == 303


def test_a_form_that_stores_nothing_spends_its_proof_on_one_address(guest, monkeypatch):
    monkeypatch.setattr(limits, "FORM_MAIL", limits.Rate("form-mail", 1, limits.HOUR))
    page, proof = guest.get("/"), solved(guest)
    odd = {"proof": proof, "attachments": "none-of-ours"}
    assert "none of ours" not in filed(guest, page, email="omar@clinic.example", **odd).text
    asks_again(filed(guest, page, **odd), "Please send it once more.")
    assert filed(guest, proof=solved(guest)).status == 303
