"""Run by test_local_sign_in.py against the emulator: signs people in, and says what came of it."""

import json
import os
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from infra.local import resources

STAGE, DESK = "local", "https://desk.example"
PASSWORD, OWN = "correct-horse-battery", "a-password-of-my-own"
ANA, BEN = "ana@desk.example", "ben@desk.example"


def main() -> None:
    os.environ.update(resources.create(STAGE, public_url=DESK))
    told = {**second_factor(), **invitation(), **elsewhere()}
    sys.stdout.write(json.dumps({**told, **removal()}))


def second_factor() -> dict[str, Any]:
    from chalicelib.domain.vocabulary import Role
    from chalicelib.services import people
    from tests.integration.pool import code_of

    people.add("Ana Costa", ANA, Role.AGENT, PASSWORD, 1)
    browser = new_browser()
    plain = typed(browser, ANA, PASSWORD)
    page = browser.submit(browser.get("/account"), "/account/second-factor", password=PASSWORD)
    key = page.text.partition('Key: <span class="mono" dir="ltr">')[2].partition("<")[0]
    code = code_of(key, datetime.now(UTC), -1)
    done = browser.submit(page, "/account/second-factor/code", code=code)
    other = new_browser()
    asked = typed(other, ANA, PASSWORD)
    wrong = other.submit(asked, "/sign-in/step", answer=code_of("AAAAAAAA", datetime.now(UTC)))
    right = other.submit(wrong, "/sign-in/step", answer=code_of(key, datetime.now(UTC)))
    return {
        "plain": led(plain), "set_up": led(done), "wrong_code": wrong.status,
        "asked": [asked.status, bool(asked.headers.get("Set-Cookie"))], "right_code": led(right),
    }  # fmt: skip


def invitation() -> dict[str, Any]:
    from chalicelib.domain.people import SYSTEM
    from chalicelib.domain.vocabulary import Role
    from chalicelib.services import accounts, people

    ben = people.add("Ben Ito", BEN, Role.AGENT, tier=1)
    temporary = accounts.invite(ben, SYSTEM, datetime.now(UTC), by_mail=False)
    browser = new_browser()
    page = typed(browser, BEN, str(temporary))
    chosen = browser.submit(page, "/sign-in/step", answer=OWN)
    again = typed(new_browser(), BEN, str(temporary))
    return {
        "invited": [page.status, bool(page.headers.get("Set-Cookie"))], "chosen": led(chosen),
        "temporary_again": again.status,
    }  # fmt: skip


def elsewhere() -> dict[str, Any]:
    """The pool's own OpenID Connect, as if it were another provider."""
    from chalicelib.adapters import identity
    from chalicelib.config import config

    endpoint = os.environ["AWS_ENDPOINT_URL"]
    os.environ.update(
        OIDC_ISSUER=identity.issuer(), OIDC_CLIENT_ID=oauth_client(),
        OIDC_AUTHORIZATION_ENDPOINT=f"{endpoint}/oauth2/authorize",
        OIDC_TOKEN_ENDPOINT=f"{endpoint}/oauth2/token",
        OIDC_JWKS_URI=f"{endpoint}/{os.environ['USER_POOL_ID']}/.well-known/jwks.json",
    )  # fmt: skip
    config.reload()  # type: ignore[attr-defined]
    browser = new_browser()
    address = browser.get("/sign-in/oidc").headers["Location"]
    answer = f"/sign-in/callback?{answered(address)}"
    held = dict(browser.cookies)
    first = browser.get(answer)
    browser.cookies = held
    return {"elsewhere": led(first), "elsewhere_again": browser.get(answer).status}


def removal() -> dict[str, Any]:
    from chalicelib.adapters.aws import client
    from chalicelib.domain.people import SYSTEM
    from chalicelib.services import members, people

    members.remove(people.named(BEN).person_id, SYSTEM, datetime.now(UTC))
    page = typed(new_browser(), BEN, OWN)
    pool = os.environ["USER_POOL_ID"]
    user = client("cognito-idp").admin_get_user(UserPoolId=pool, Username=BEN)
    return {"removed": [page.status, "UserEnabled" if user["Enabled"] else "UserDisabled"]}


def oauth_client() -> str:
    from chalicelib.adapters.aws import client

    made = client("cognito-idp").create_user_pool_client(
        UserPoolId=os.environ["USER_POOL_ID"], ClientName="elsewhere", GenerateSecret=False,
        AllowedOAuthFlows=["code"], AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthScopes=["openid", "email", "profile"], SupportedIdentityProviders=["COGNITO"],
        CallbackURLs=[f"{DESK}/sign-in/callback"],
    )  # fmt: skip
    return str(made["UserPoolClient"]["ClientId"])


def answered(address: str) -> str:
    """Sign in on the provider's page, and what it sends back with the browser."""
    asked = dict(parse_qsl(urlsplit(address).query))
    form = urlencode({**asked, "username": BEN, "password": OWN}).encode()
    request = urllib.request.Request(f"{os.environ['AWS_ENDPOINT_URL']}/login", form)
    try:
        urllib.request.build_opener(Stays).open(request, timeout=10)
    except urllib.error.HTTPError as redirect:
        return urlsplit(redirect.headers["Location"]).query
    raise AssertionError("the provider's page did not lead back")


class Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Not followed: that address is the browser's."""


def new_browser() -> Any:
    from tests.integration.browser import Browser

    return Browser()


def typed(browser: Any, email: str, password: str) -> Any:
    return browser.submit(browser.get("/sign-in"), "/sign-in", email=email, password=password)


def led(page: Any) -> list[Any]:
    return [page.status, page.headers.get("Location")]


if __name__ == "__main__":
    main()
