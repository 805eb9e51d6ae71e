"""Signing in with a second factor: set up, asked for, used once, removed, and lost."""

from datetime import UTC, datetime, timedelta

import pytest
from moto.cognitoidp.models import COGNITO_TOTP_MFA_SECRET as KEY

from chalicelib.adapters import clock, identity
from chalicelib.config import config
from chalicelib.domain.lockout import ATTACKED_FROM
from chalicelib.models.attempt import Attempt
from chalicelib.models.person import Person
from chalicelib.services import accounts, attempts, sign_in
from chalicelib.services.sign_in import Done, Step
from chalicelib.services.signing import short_digest
from tests.cast import ADA, ANA, MONDAY_9, ROSA
from tests.integration.browser import Browser, Page
from tests.integration.pool import PASSWORD, code_of
from tests.integration.signing_in import (
    WRONG,
    people_of_the_pool,
    tried,
    typed,
)

pytestmark = pytest.mark.usefixtures("cloud")


@pytest.fixture(autouse=True)
def pool(cloud, monkeypatch) -> None:
    people_of_the_pool(monkeypatch)


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
