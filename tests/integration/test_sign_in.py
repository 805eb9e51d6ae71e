"""Signing in with a password: right, wrong, too often, and for the first time."""

import jwt
import pytest

from chalicelib.adapters import identity
from chalicelib.domain.errors import NotAuthenticated
from chalicelib.domain.lockout import ATTACKED_FROM, FREE_OF_A_BLOCK
from chalicelib.models.attempt import Attempt
from chalicelib.models.person import Person
from chalicelib.models.session import Session
from chalicelib.services import accounts, attempts, members, people, sessions
from chalicelib.services.sessions import From
from chalicelib.services.sign_in import Done
from tests.cast import ADA, ANA, BEN, MONDAY_9, ROSA, after
from tests.factories import employ
from tests.integration.browser import Browser
from tests.integration.pool import PASSWORD, Keys
from tests.integration.signing_in import (
    HERE,
    THERE,
    WRONG,
    failed,
    people_of_the_pool,
    tried,
    typed,
    wait_of,
)

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def pool(cloud, monkeypatch) -> None:
    people_of_the_pool(monkeypatch)


def test_the_right_password_begins_a_new_session_each_time():
    first, second = Browser(), Browser()
    assert typed(first).headers["Location"] == "/desk"
    assert typed(second, email=ROSA.email).headers["Location"] == "/requests"
    typed(again := Browser())
    assert again.cookies["__Host-sid"] != first.cookies["__Host-sid"]
    cookie = typed(Browser()).headers["Set-Cookie"][0]
    assert cookie.endswith("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure")


def test_the_session_that_one_had_before_is_over():
    browser = Browser()
    typed(browser)
    before = browser.cookies["__Host-sid"]
    typed(browser)
    assert sessions.by_secret(before, MONDAY_9) is None


def test_it_is_over_even_while_no_index_has_heard_of_it(monkeypatch):
    typed(browser := Browser())
    before = browser.cookies["__Host-sid"]
    monkeypatch.setattr(Session, "of", lambda person_id: iter(()))
    assert typed(browser).status == 303
    assert sessions.by_secret(before, MONDAY_9) is None
    assert sessions.by_secret(browser.cookies["__Host-sid"], MONDAY_9)


def test_a_session_that_somebody_else_chose_is_not_taken_over():
    browser = Browser({"__Host-sid": "chosen-by-somebody-else"})
    typed(browser)
    assert browser.cookies["__Host-sid"] != "chosen-by-somebody-else"


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil", "desk"])
def test_signing_in_leads_nowhere_else(wanted):
    page = Browser().get(f"/sign-in?next={wanted}")
    assert "next" not in page.forms["/sign-in"]
    sent = {"email": ANA.email, "password": PASSWORD, "next": wanted}
    assert Browser().post("/sign-in", sent).headers["Location"] == "/desk"


def test_the_answer_is_the_same_for_addresses_known_and_unknown():
    def told(email: str) -> list[tuple]:
        answers = [typed(Browser(), WRONG, email) for _ in range(7)]
        return [(one.status, one.headers.get("Retry-After"), one.text.replace(email, ""))
                for one in answers]  # fmt: skip

    known, unknown = told(ANA.email), told("nobody@desk.example")
    assert known == unknown
    assert [one[0] for one in known] == [401] * 5 + [429] * 2


def test_the_fifth_failure_makes_the_next_one_wait_and_longer_each_time():
    failed(5)
    assert wait_of() == 15
    failed(1, now=after(seconds=15))
    assert wait_of(now=after(seconds=15)) == 30
    assert isinstance(tried(now=after(seconds=45)), Done)


def test_a_right_password_is_refused_while_one_waits_and_is_not_counted():
    failed(5)
    for _ in range(3):
        assert wait_of(now=after(seconds=5)) == 10
    assert isinstance(tried(now=after(seconds=15)), Done)


def test_success_forgets_the_failures_of_the_address():
    failed(4)
    tried()
    failed(4)
    assert isinstance(tried(), Done)


def test_nobody_is_locked_out_by_what_others_do_elsewhere():
    failed(5, came_from=THERE)
    assert isinstance(tried(came_from=HERE), Done)


def test_under_attack_from_everywhere_a_fresh_block_still_has_one_try():
    for number in range(ATTACKED_FROM):
        failed(1, came_from=From(f"203.0.{number}.1"))
    failed(1, came_from=HERE)
    assert wait_of(came_from=HERE) == 15
    assert isinstance(tried(came_from=THERE), Done)


def test_a_block_that_tries_many_addresses_waits_for_all_of_them():
    for number in range(FREE_OF_A_BLOCK):
        failed(1, email=f"somebody{number}@desk.example", came_from=From(f"192.0.2.{number}"))
    assert wait_of(came_from=HERE) == 15
    assert isinstance(tried(came_from=THERE), Done)


def test_failures_at_the_same_moment_are_all_counted():
    emails = [f"somebody{number}@desk.example" for number in range(FREE_OF_A_BLOCK)]
    tries = [attempts.begin(email, HERE.address, MONDAY_9) for email in emails]
    for one in tries:
        one.failed()
    assert Attempt.find("attempt#192.0.2.0/24").failed == FREE_OF_A_BLOCK
    assert wait_of() == 15
    failed(1, now=after(hours=2))
    assert Attempt.find("attempt#192.0.2.0/24").failed == 1


def test_failures_are_forgotten_after_an_hour():
    failed(4)
    failed(4, now=after(hours=1, seconds=1))
    assert isinstance(tried(now=after(hours=1, seconds=1)), Done)


def test_the_page_says_how_long_to_wait_and_keeps_the_address():
    for _ in range(5):
        typed(Browser(), WRONG)
    page = typed(Browser())
    assert (page.status, page.headers["Retry-After"]) == (429, "15")
    assert "Please wait 15 seconds" in page.text and f'value="{ANA.email}"' in page.text


def test_who_left_cannot_sign_in_any_more_and_can_when_they_are_back():
    employ(ADA)
    person = Person.with_email(ANA.email)
    members.remove(person.person_id, ADA, MONDAY_9)
    with pytest.raises(NotAuthenticated):
        tried()
    back = {"name": ANA.name, "email": ANA.email, "role": "agent", "tiers": [1]}
    members.add(back, ADA, MONDAY_9)
    assert isinstance(tried(), Done)


def test_a_person_is_found_by_issuer_and_subject_and_never_by_address():
    person = Person.with_email(ANA.email)
    person.update([Person.subject.set("https://elsewhere.example|" + person.subject.split("|")[1])])
    with pytest.raises(NotAuthenticated):
        tried()


def test_an_index_that_lags_lets_nobody_in_as_who_is_linked_no_more(monkeypatch):
    ana, rosa = (Person.with_email(one.email) for one in (ANA, ROSA))
    subject = ana.subject
    ana.update([Person.subject.set("https://elsewhere.example|ana")])
    for known in ([ana], [ana, rosa]):
        late = [Person(one.person_id) for one in known]
        monkeypatch.setattr(Person.by_subject, "query", lambda *_, late=late, **__: iter(late))
        assert Person.with_subject(subject) is None
        found = Person.with_subject(rosa.subject)
        assert (found.person_id if found else None) == (rosa.person_id if len(late) > 1 else None)


def test_while_the_pools_keys_are_out_of_reach_nobody_is_counted_as_wrong(monkeypatch):
    class Unreached:
        def get_signing_key_from_jwt(self, token):
            raise jwt.PyJWKClientConnectionError("no answer within 3 seconds")

    monkeypatch.setattr(identity, "_keys", Unreached)
    pages = [typed(Browser()) for _ in range(6)]
    assert [one.status for one in pages] == [503] * 6
    monkeypatch.setattr(identity, "_keys", Keys)
    assert isinstance(tried(), Done)


def test_a_new_password_ends_no_one_elses_session_but_all_of_ones_own():
    mine, theirs = tried(), tried(email=ROSA.email)
    people.add(ANA.name, ANA.email, ANA.role, "another-password-here")
    assert sessions.by_secret(mine.secret, MONDAY_9) is None
    assert sessions.by_secret(theirs.secret, MONDAY_9)


# --- For the first time -------------------------------------------------------------------------


def invited() -> str:
    ben = people.add(BEN.name, BEN.email, BEN.role)
    temporary = accounts.invite(ben, ADA, MONDAY_9, by_mail=False)
    assert temporary
    return temporary


def test_who_is_invited_chooses_a_password_at_the_first_sign_in():
    browser, temporary = Browser(), invited()
    page = typed(browser, temporary, BEN.email)
    assert "Choose your password" in page.text and "__Host-sid" not in browser.cookies
    short = browser.submit(page, "/sign-in/step", answer="short")
    assert (short.status, "at least 12 characters" in short.text) == (422, True)
    done = browser.submit(short, "/sign-in/step", answer="my-own-password")
    assert done.headers["Location"] == "/desk"
    assert isinstance(tried("my-own-password", BEN.email), Done)


def test_an_invitation_by_mail_shows_nothing():
    ben = people.add(BEN.name, BEN.email, BEN.role)
    assert accounts.invite(ben, ADA, MONDAY_9, by_mail=True) is None
