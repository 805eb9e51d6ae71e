"""Signing in with a password: right, wrong, too often, for the first time, and with a code."""

from datetime import UTC, datetime, timedelta

import jwt
import pytest
from moto.cognitoidp.models import COGNITO_TOTP_MFA_SECRET as KEY

from chalicelib.adapters import clock, identity
from chalicelib.config import config
from chalicelib.domain.errors import NotAuthenticated, TooMany
from chalicelib.domain.lockout import ATTACKED_FROM, FREE_OF_A_BLOCK
from chalicelib.models.attempt import Attempt
from chalicelib.models.person import Person
from chalicelib.models.session import Session
from chalicelib.services import accounts, attempts, members, people, sessions, sign_in
from chalicelib.services.sessions import From
from chalicelib.services.sign_in import Done, Step
from chalicelib.services.signing import short_digest
from tests.cast import ADA, ANA, BEN, MONDAY_9, ROSA, after
from tests.factories import employ
from tests.integration.browser import Browser, Page
from tests.integration.pool import PASSWORD, Keys, code_of, enrol, open_pool

pytestmark = pytest.mark.usefixtures("cloud")

HERE, THERE = From("192.0.2.1"), From("198.51.100.1")
WRONG = "not-the-password"


@pytest.fixture(autouse=True)
def people_of_the_pool(cloud, monkeypatch) -> None:
    open_pool(monkeypatch)
    for one in (ANA, ROSA):
        enrol(one)


def tried(password: str = PASSWORD, email: str = ANA.email, came_from=HERE, now=MONDAY_9):
    return sign_in.with_password(email, password, came_from, now)


def failed(times: int, email: str = ANA.email, came_from=HERE, now=MONDAY_9) -> None:
    for _ in range(times):
        with pytest.raises(NotAuthenticated):
            tried(WRONG, email, came_from, now)


def wait_of(**tries) -> int:
    with pytest.raises(TooMany) as refused:
        tried(**tries)
    return refused.value.retry_after


def typed(browser: Browser, password: str = PASSWORD, email: str = ANA.email) -> Page:
    page = browser.get("/sign-in")
    return browser.submit(page, "/sign-in", email=email, password=password)


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


# --- With a code --------------------------------------------------------------------------------


def now_of_the_pool() -> datetime:
    """The fake checks codes by the machine's clock."""
    return datetime.now(UTC)


@pytest.fixture
def secured() -> Browser:
    """Ana, who has set an app up on her account's page."""
    clock.use(now_of_the_pool)
    browser = Browser()
    assert typed(browser).status == 303
    page = browser.submit(browser.get("/account"), "/account/second-factor", password=PASSWORD)
    assert KEY in page.text and "<svg" in page.text
    code = code_of(KEY, now_of_the_pool(), -1)
    done = browser.submit(page, "/account/second-factor/code", code=code)
    assert "sign in with a code" in browser.follow(done).text
    return browser


def asked_for_a_code(browser: Browser) -> Page:
    page = typed(browser)
    assert (page.status, "__Host-sid" in browser.cookies) == (200, False)
    assert "Your second factor" in page.text
    return page


def test_with_a_second_factor_the_password_alone_opens_nothing(secured):
    browser = Browser()
    page = asked_for_a_code(browser)
    wrong = browser.submit(page, "/sign-in/step", answer="000000")
    assert (wrong.status, "not the code" in wrong.text) == (422, True)
    right = browser.submit(wrong, "/sign-in/step", answer=code_of(KEY, now_of_the_pool()))
    assert right.headers["Location"] == "/desk"


def test_a_code_counts_once(secured):
    code = code_of(KEY, now_of_the_pool())
    first, second = Browser(), Browser()
    pages = [asked_for_a_code(first), asked_for_a_code(second)]
    assert first.submit(pages[0], "/sign-in/step", answer=code).status == 303
    assert second.submit(pages[1], "/sign-in/step", answer=code).status == 422


NO_CODES = ["123", "1234567", "12345x", "١٢٣٤٥٦", "-12345", "1" * 19]


@pytest.mark.parametrize("typed_code", NO_CODES)
def test_what_is_no_code_never_reaches_the_pool(secured, monkeypatch, typed_code):
    browser = Browser()
    page, account = asked_for_a_code(browser), secured.get("/account")
    monkeypatch.setattr(identity, "answer", None)
    wrong = browser.submit(page, "/sign-in/step", answer=typed_code)
    assert (wrong.status, "not the code" in wrong.text) == (422, True)
    kept = secured.submit(
        account, "/account/second-factor/removal", password=PASSWORD, code=typed_code
    )
    assert (kept.status, "not the code" in kept.text) == (422, True)


@pytest.mark.parametrize("typed_code", NO_CODES)
def test_what_is_no_code_sets_nothing_up(monkeypatch, typed_code):
    typed(browser := Browser())
    page = browser.submit(browser.get("/account"), "/account/second-factor", password=PASSWORD)
    monkeypatch.setattr(identity, "prove_second_factor", None)
    wrong = browser.submit(page, "/account/second-factor/code", code=typed_code)
    assert (wrong.status, "not the code" in wrong.text) == (422, True)


def test_a_code_is_never_taken_for_a_new_password(secured, monkeypatch):
    asked = identity.Asked(identity.NEW_PASSWORD, "of-the-pool")
    monkeypatch.setattr(identity, "sign_in", lambda email, password: asked)
    monkeypatch.setattr(identity, "answer", None)
    page = secured.get("/account")
    removal = {"password": PASSWORD, "code": code_of(KEY, now_of_the_pool())}
    kept = secured.submit(page, "/account/second-factor/removal", **removal)
    assert (kept.status, "Sign out" in kept.text, "in anew" in kept.text) == (409, True, True)


def test_a_wrong_code_for_the_removal_counts_like_any_other(secured):
    now = now_of_the_pool()
    clock.use(lambda: now)
    page = secured.get("/account")
    removal = {"password": PASSWORD, "code": "000000"}
    answers = [secured.submit(page, "/account/second-factor/removal", **removal).status
               for _ in range(6)]  # fmt: skip
    assert answers == [422] * 5 + [429]
    mail = Attempt.find(f"attempt#{short_digest(ANA.email)}")
    assert mail.failed == 5


def test_who_is_guessed_at_from_everywhere_gives_password_and_code_at_once(secured):
    now = now_of_the_pool()
    for number in range(ATTACKED_FROM + 1):
        attempts.begin(ANA.email, f"203.0.{number}.1", now).failed()
    browser = Browser()
    page = asked_for_a_code(browser)
    done = browser.submit(page, "/sign-in/step", answer=code_of(KEY, now))
    assert done.headers["Location"] == "/desk"


def test_the_password_between_them_makes_guessing_codes_no_quicker(secured):
    for guess in range(5):
        page = asked_for_a_code(browser := Browser())
        assert browser.submit(page, "/sign-in/step", answer=f"00000{guess}").status == 422
    assert typed(Browser()).status == 429


def test_guessing_codes_is_made_slow(secured):
    browser = Browser()
    page = asked_for_a_code(browser)
    for guess in range(5):
        page = browser.submit(page, "/sign-in/step", answer=f"00000{guess}")
    refused = browser.submit(page, "/sign-in/step", answer=code_of(KEY, now_of_the_pool()))
    assert refused.status == 429
    assert "/sign-in/step" in refused.forms  # nothing is lost: the step is asked for again


@pytest.mark.parametrize("state", ["", "x", "gAAAAA", "\ud800", "null"])
def test_a_step_that_is_not_ours_begins_again(state):
    answer = Browser().post("/sign-in/step", {"state": state.encode("utf-8", "replace"),
                                              "answer": "123456"})  # fmt: skip
    assert (answer.status, "sign in again" in answer.text) == (401, True)


def test_a_step_is_good_for_ten_minutes(secured):
    browser = Browser()
    page = asked_for_a_code(browser)
    clock.use(lambda: now_of_the_pool() + timedelta(minutes=11))
    late = browser.submit(page, "/sign-in/step", answer=code_of(KEY, now_of_the_pool()))
    assert (late.status, "took too long" in late.text) == (401, True)


def test_a_role_that_needs_a_code_sets_it_up_while_signing_in(monkeypatch):
    monkeypatch.setenv("SECOND_FACTOR_ROLES", "agent, admin")
    config.reload()
    try:
        clock.use(now_of_the_pool)
        browser = Browser()
        page = typed(browser)
        assert "Set up a second factor" in page.text and "__Host-sid" not in browser.cookies
        code = code_of(KEY, now_of_the_pool())
        assert browser.submit(page, "/sign-in/step", answer=code).status == 303
        assert "Your role needs it" in browser.get("/account").text
        again = code_of(KEY, now_of_the_pool(), 1)
        late = Browser().submit(page, "/sign-in/step", answer=again)  # a state is good once
        assert (late.status, "sign in again" in late.text) == (401, True)
        asked_for_a_code(Browser())
        assert typed(Browser(), email=ROSA.email).status == 303
    finally:
        monkeypatch.undo()
        config.reload()


def test_a_second_factor_is_removed_with_password_and_code(secured):
    path, page = "/account/second-factor/removal", secured.get("/account")
    code = code_of(KEY, now_of_the_pool())
    assert secured.submit(page, path, password=WRONG, code=code).status == 422
    assert secured.submit(page, path, password=PASSWORD, code="000000").status == 422
    done = secured.submit(page, path, password=PASSWORD, code=code)
    assert "password alone" in secured.follow(done).text
    assert typed(Browser()).status == 303


def test_setting_up_needs_the_password_and_the_first_code():
    clock.use(now_of_the_pool)
    browser = Browser()
    typed(browser)
    page = browser.get("/account")
    wrong = browser.submit(page, "/account/second-factor", password=WRONG)
    assert (wrong.status, "not your password" in wrong.text) == (422, True)
    key = browser.submit(page, "/account/second-factor", password=PASSWORD)
    again = browser.submit(key, "/account/second-factor/code", code="000000")
    assert (again.status, KEY in again.text) == (422, True)
    assert typed(Browser()).status == 303  # nothing is on


def test_a_state_that_set_an_app_up_signs_nobody_in():
    clock.use(now_of_the_pool)
    typed(browser := Browser())
    page = browser.submit(browser.get("/account"), "/account/second-factor", password=PASSWORD)
    path = "/account/second-factor/code"
    assert browser.submit(page, path, code=code_of(KEY, now_of_the_pool(), -1)).status == 303
    sent = {"state": page.forms[path]["state"], "answer": code_of(KEY, now_of_the_pool())}
    assert Browser().post("/sign-in/step", sent).status == 401
    late = browser.submit(page, path, code=code_of(KEY, now_of_the_pool(), 1))
    assert late.status == 409


def test_a_key_of_somebody_else_is_not_taken():
    clock.use(now_of_the_pool)
    ana, rosa = Browser(), Browser()
    typed(ana), typed(rosa, email=ROSA.email)
    page = ana.submit(ana.get("/account"), "/account/second-factor", password=PASSWORD)
    state = page.forms["/account/second-factor/code"]["state"]
    mine = rosa.get("/account").forms["/account/second-factor"]
    sent = {**mine, "state": state, "code": code_of(KEY, now_of_the_pool())}
    assert rosa.post("/account/second-factor/code", sent).status == 409
    assert Person.with_email(ANA.email).second_factor_at is None


def test_a_lost_app_is_reset_by_an_operator(secured):
    accounts.reset_second_factor(Person.with_email(ANA.email), ADA, MONDAY_9)
    assert secured.get("/account").status == 303  # signed out everywhere
    assert isinstance(tried(now=now_of_the_pool()), Done)


def test_a_step_names_what_it_asks_for(secured):
    step = tried(now=now_of_the_pool())
    assert isinstance(step, Step) and step.kind == sign_in.CODE
