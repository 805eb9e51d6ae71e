"""Signing in at another provider: who is believed, who is known, and what a callback cannot do."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization

from chalicelib.adapters import clock, oidc
from chalicelib.config import config
from chalicelib.domain.errors import Conflict
from chalicelib.models.person import Person
from chalicelib.services import accounts, members
from tests.cast import ADA, ANA, BEN, MONDAY_9, after
from tests.factories import employ
from tests.integration.browser import Browser, Page
from tests.integration.provider import CLIENT, SUBJECT, Provider, serving

pytestmark = pytest.mark.usefixtures("cloud")

START, BACK = "/sign-in/oidc", "/sign-in/callback"


@pytest.fixture
def provider(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """Configured, and Ana is linked to her account there."""
    with serving() as found:
        configure(monkeypatch, OIDC_ISSUER=found.url, OIDC_CLIENT_ID=CLIENT)
        employ(ADA, ANA, BEN)
        accounts.link(Person.get(ANA.id), found.url, SUBJECT, ADA, MONDAY_9)
        yield found
    monkeypatch.undo()
    configure(monkeypatch)


def configure(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    config.reload()
    oidc.forget()


def gone(browser: Browser, wanted: str = "") -> str:
    """Where the browser is sent."""
    away = browser.get(f"{START}?{urlencode({'next': wanted})}")
    assert away.status == 303, away.text
    return str(away.headers["Location"])


def back(browser: Browser, answer: dict[str, str]) -> Page:
    return browser.get(f"{BACK}?{urlencode(answer)}")


def signed_in(provider: Provider, browser: Browser, wanted: str = "") -> Page:
    return back(browser, provider.authorize(gone(browser, wanted)))


def refused(page: Page, browser: Browser) -> bool:
    return page.status == 401 and "did not work" in page.text and not has_session(browser)


def has_session(browser: Browser) -> bool:
    return bool(browser.cookies.get("__Host-sid"))


def test_who_is_linked_comes_in_with_a_session_of_ours(provider):
    browser = Browser()
    page = signed_in(provider, browser)
    assert (page.status, page.headers["Location"]) == (303, "/desk")
    assert "Ana Costa" in browser.get("/desk").text


def test_the_browser_takes_a_challenge_and_the_secret_stays_here(provider):
    browser = Browser()
    asked = dict(parse_qsl(urlsplit(gone(browser)).query))
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    assert asked["redirect_uri"] == "https://desk.example/sign-in/callback"
    assert "openid" in asked["scope"].split()
    back(browser, provider.authorize(gone(browser)))
    assert oidc.challenge_of(provider.asked[0]["code_verifier"]) != asked["code_challenge"]
    assert "client_secret" not in provider.asked[0]


def test_one_comes_to_the_page_that_one_wanted_and_nowhere_else(provider):
    assert signed_in(provider, Browser(), "/desk/queues").headers["Location"] == "/desk/queues"
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        assert signed_in(provider, Browser(), elsewhere).headers["Location"] == "/desk"


def test_nobody_is_found_by_their_mail_address(provider):
    provider.claims = {"sub": "somebody-else", "email": ANA.email, "email_verified": True}
    browser = Browser()
    page = signed_in(provider, browser)
    assert page.status == 401 and not has_session(browser)
    assert "somebody-else" in page.text and provider.url in page.text  # for whoever links them


def test_the_same_subject_of_another_issuer_is_somebody_else(provider):
    accounts.link(Person.get(ANA.id), "https://other.example", SUBJECT, ADA, MONDAY_9)
    browser = Browser()
    assert signed_in(provider, browser).status == 401 and not has_session(browser)


def test_two_people_cannot_be_the_same_account(provider):
    with pytest.raises(Conflict, match="Ana Costa"):
        accounts.link(Person.get(BEN.id), provider.url, SUBJECT, ADA, MONDAY_9)


def test_who_left_does_not_come_in(provider):
    members.remove(ANA.id, ADA, MONDAY_9)
    browser = Browser()
    assert signed_in(provider, browser).status == 401 and not has_session(browser)


LONG_AGO, FAR_AHEAD = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": ["another-client"]},
        {"aud": None},
        {"azp": "another-client", "aud": [CLIENT, "another-client"]},
        {"exp": LONG_AGO},
        {"exp": None},
        {"iat": None},
        {"nbf": FAR_AHEAD},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": ""},
        {"sub": None},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_is_not_believed(provider, claims):
    provider.claims = claims
    browser = Browser()
    assert refused(signed_in(provider, browser), browser) and provider.issued


def test_both_ways_of_signing_are_believed(provider):
    provider.sign_with = ("ES256", provider.ec_key, "ec")
    assert signed_in(provider, Browser()).status == 303


@pytest.mark.parametrize("way", ["none", "HS256 with the public key", "RS512", "another key",
                                 "an unknown key"])  # fmt: skip
def test_a_token_signed_in_any_other_way_is_not_believed(provider, way, monkeypatch):
    public = provider.rsa_key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    monkeypatch.setattr("jwt.algorithms.is_pem_format", lambda key: False)
    provider.sign_with = {
        "none": ("none", None, "rsa"),
        "HS256 with the public key": ("HS256", public, "rsa"),
        "RS512": ("RS512", provider.rsa_key, "rsa"),
        "another key": ("RS256", Provider().rsa_key, "rsa"),
        "an unknown key": ("RS256", provider.rsa_key, "new"),
    }[way]
    browser = Browser()
    assert refused(signed_in(provider, browser), browser) and provider.issued


def test_a_callback_counts_once(provider):
    browser = Browser()
    answer = provider.authorize(gone(browser))
    held = browser.cookies["__Host-oidc"]
    assert back(browser, answer).status == 303
    assert browser.cookies["__Host-oidc"] == ""
    again = Browser({"__Host-oidc": held})  # even with the cookie kept, the code is spent
    assert refused(back(again, answer), again)


def test_a_callback_in_another_browser_opens_nothing(provider):
    answer = provider.authorize(gone(Browser()))
    victim = Browser()
    assert refused(back(victim, answer), victim)
    gone(victim)
    assert refused(back(victim, answer), victim)


@pytest.mark.parametrize("answer", [{}, {"error": "access_denied", "state": "x"}, {"code": ""},
                                    {"code": "x"}, {"code": "x", "state": ""},
                                    {"code": "x", "state": "\ufffd"}], ids=str)  # fmt: skip
def test_what_is_no_answer_opens_nothing(provider, answer):
    browser = Browser()
    state = dict(parse_qsl(urlsplit(gone(browser)).query))["state"]
    assert refused(back(browser, answer), browser)
    gone(browser)
    assert refused(back(browser, {"state": state, **answer}), browser)


@pytest.mark.parametrize("held", ["", "x", "e30.e30", "\u00e9"])
def test_an_altered_cookie_opens_nothing(provider, held):
    browser = Browser()
    answer = provider.authorize(gone(browser))
    browser.cookies["__Host-oidc"] = held
    assert refused(back(browser, answer), browser)


def test_ten_minutes_are_enough_to_sign_in_there(provider):
    browser = Browser()
    answer = provider.authorize(gone(browser))
    clock.use(lambda: after(minutes=10, seconds=1))
    assert refused(back(browser, answer), browser)


def test_a_description_of_another_issuer_is_not_believed(provider):
    provider.description = {"issuer": "https://evil.example"}
    page = Browser().get(START)
    assert (page.status, "did not work" in page.text) == (401, True)


def test_a_provider_that_does_not_answer_is_no_fault_of_ours(provider, monkeypatch):
    configure(monkeypatch, OIDC_ISSUER="http://127.0.0.1:9")
    assert Browser().get(START).status == 401


def test_what_is_configured_by_hand_is_not_asked_for(provider, monkeypatch):
    provider.description = {"issuer": "nothing to be found here"}
    configure(
        monkeypatch,
        OIDC_AUTHORIZATION_ENDPOINT=f"{provider.url}/elsewhere",
        OIDC_TOKEN_ENDPOINT=f"{provider.url}/token",
        OIDC_JWKS_URI=f"{provider.url}/keys",
    )
    browser = Browser()
    address = gone(browser)
    assert address.startswith(f"{provider.url}/elsewhere?")
    assert back(browser, provider.authorize(address)).status == 303


def test_the_page_offers_it_beside_the_password(provider, monkeypatch):
    configure(monkeypatch, OIDC_NAME="Example ID")
    page = Browser().get("/sign-in?next=/desk/queues")
    assert "Continue with Example ID" in page.text
    assert 'href="/sign-in/oidc?next=/desk/queues"' in page.text
    assert "/sign-in" in page.forms


def test_without_a_provider_there_is_no_such_way(cloud):
    assert "/sign-in/oidc" not in Browser().get("/sign-in").text
    assert Browser().get(START).status == 404
    browser = Browser()
    assert refused(back(browser, {"code": "x", "state": "y"}), browser)
