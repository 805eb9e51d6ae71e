"""Any OpenID Connect provider: authorization code with PKCE, and id tokens checked in full."""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

import jwt
import urllib3

from chalicelib.config import config

ALGORITHMS = ["RS256", "ES256"]  # no other, whatever a token or a provider says
SCOPE = "openid email profile"
MOST_BYTES = 256 * 1024
PATIENCE = urllib3.Timeout(connect=2, read=4)
LEEWAY_SECONDS = 5


class NotProved(Exception):
    """The provider did not say who it is, or not in a way that can be believed."""


@dataclass(frozen=True)
class Provider:
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


def address(redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
    """Where the browser goes to sign in. Raises NotProved if the provider cannot be found."""
    asked = {
        "response_type": "code",
        "client_id": config.oidc_client_id,
        "redirect_uri": redirect_uri,
        "scope": SCOPE,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    return f"{provider().authorization_endpoint}?{urlencode(asked)}"


def claims_for(code: str, redirect_uri: str, nonce: str, verifier: str) -> dict[str, Any]:
    """Who has signed in there: the claims of the id token that the code is for.

    Raises NotProved.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": config.oidc_client_id,
        "code_verifier": verifier,
    }
    answer = _fetched("POST", provider().token_endpoint, body=urlencode(form))
    return verified(str(answer.get("id_token", "")), nonce)


def verified(id_token: str, nonce: str) -> dict[str, Any]:
    """The claims of a token of our provider, for us, for this sign-in. Raises NotProved."""
    try:
        key = _keys(provider().jwks_uri).get_signing_key_from_jwt(id_token)
        claims: dict[str, Any] = jwt.decode(
            id_token, key.key, algorithms=ALGORITHMS, audience=config.oidc_client_id,
            issuer=config.oidc_issuer, leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise NotProved(str(error)) from error
    if claims["nonce"] != nonce:
        raise NotProved("the token is of another sign-in")
    if claims.get("azp", config.oidc_client_id) != config.oidc_client_id or not claims["sub"]:
        raise NotProved("the token is for somebody else")
    return claims


def challenge_of(verifier: str) -> str:
    """The S256 of RFC 7636."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def provider() -> Provider:
    """As configured, the rest as the provider says of itself. Raises NotProved."""
    known = Provider(
        config.oidc_authorization_endpoint, config.oidc_token_endpoint, config.oidc_jwks_uri
    )
    if known.authorization_endpoint and known.token_endpoint and known.jwks_uri:
        return known
    said = _discovered(config.oidc_issuer)
    return Provider(
        known.authorization_endpoint or said["authorization_endpoint"],
        known.token_endpoint or said["token_endpoint"],
        known.jwks_uri or said["jwks_uri"],
    )


def forget() -> None:
    """Ask the provider anew at the next use."""
    _discovered.cache_clear()
    _keys.cache_clear()


@cache
def _discovered(issuer: str) -> dict[str, Any]:
    said = _fetched("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if said.get("issuer") != issuer or not all(isinstance(said.get(one), str) for one in needed):
        raise NotProved("the provider's own description is not of this issuer")
    return said


def _fetched(method: str, url: str, body: str | None = None) -> dict[str, Any]:
    headers = {"Accept": "application/json"}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        if config.oidc_client_secret:
            pair = f"{config.oidc_client_id}:{config.oidc_client_secret}"
            headers |= urllib3.make_headers(basic_auth=pair)
    try:
        answer = _pool().request(
            method, url, body=body, headers=headers, timeout=PATIENCE, redirect=False,
            retries=False, preload_content=False,
        )  # fmt: skip
        content = answer.read(MOST_BYTES, decode_content=True)
        answer.release_conn()
        found = json.loads(content) if answer.status == 200 else None
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise NotProved(f"no answer from {url}") from error
    if not isinstance(found, dict):
        raise NotProved(f"{url} answered with status {answer.status}")
    return found


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager()


@cache
def _keys(jwks_uri: str) -> jwt.PyJWKClient:
    return jwt.PyJWKClient(jwks_uri, timeout=4)
