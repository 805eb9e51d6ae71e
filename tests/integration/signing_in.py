"""Signing in with a password, as the stories of signing in do it."""

import pytest

from chalicelib.domain.errors import NotAuthenticated, TooMany
from chalicelib.services import sign_in
from chalicelib.services.sessions import From
from tests.cast import ANA, MONDAY_9, ROSA
from tests.integration.browser import Browser, Page
from tests.integration.pool import PASSWORD, enrol, open_pool

HERE, THERE = From("192.0.2.1"), From("198.51.100.1")
WRONG = "not-the-password"


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


def people_of_the_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ana and Rosa can sign in."""
    open_pool(monkeypatch)
    for one in (ANA, ROSA):
        enrol(one)
