"""Cognito: passwords and second factors are checked there, never here."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.adapters.aws import client
from chalicelib.config import config

CODE, NEW_PASSWORD = "SOFTWARE_TOKEN_MFA", "NEW_PASSWORD_REQUIRED"
_ANSWER_AS = {CODE: "SOFTWARE_TOKEN_MFA_CODE", NEW_PASSWORD: "NEW_PASSWORD"}
_WRONG = {"NotAuthorizedException", "UserNotFoundException", "PasswordResetRequiredException",
          "UserNotConfirmedException", "InvalidParameterException", "ForbiddenException",
          "ResourceNotFoundException"}  # fmt: skip
_WRONG_CODE = {"CodeMismatchException", "ExpiredCodeException", "EnableSoftwareTokenMFAException"}


class WrongCredentials(Exception):
    """The pool does not know this pair of address and password, or its question is too old."""


class WrongCode(Exception):
    """Not the code that the app shows now."""


class Refused(Exception):
    """The pool does not take this password; the message says what it asks for."""


@dataclass(frozen=True)
class Proved:
    """Who somebody is: the verified claims of the id token, and what changes their own account."""

    claims: dict[str, Any]
    access: str


@dataclass(frozen=True)
class Asked:
    """The password was right, but the pool asks for more."""

    challenge: str
    session: str


def sign_in(email: str, password: str) -> Proved | Asked:
    """Raises WrongCredentials."""
    answer = _call(
        "initiate_auth",
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=config.user_pool_client_id,
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    return _result(answer)


def answer(email: str, asked: Asked, text: str) -> Proved | Asked:
    """What the pool asked for. Raises WrongCode, Refused, WrongCredentials when it is too late."""
    if asked.challenge not in _ANSWER_AS:
        raise WrongCredentials
    given = _call(
        "respond_to_auth_challenge",
        ClientId=config.user_pool_client_id,
        ChallengeName=asked.challenge,
        Session=asked.session,
        ChallengeResponses={"USERNAME": email, _ANSWER_AS[asked.challenge]: text},
    )
    return _result(given)


def verified(id_token: str) -> dict[str, Any]:
    """Claims of a token signed by our pool for our client. Raises jwt.InvalidTokenError.

    Where its keys cannot be read, that is as when it cannot be asked: it passes.
    """
    try:
        key = _keys().get_signing_key_from_jwt(id_token).key
    except jwt.PyJWKClientConnectionError as error:
        raise EndpointConnectionError(endpoint_url=_keys_address(), error=error) from error
    claims: dict[str, Any] = jwt.decode(
        id_token, key, algorithms=["RS256"], audience=config.user_pool_client_id,
        issuer=issuer(), options={"require": ["exp", "iss", "aud", "sub"]}, leeway=5,
    )  # fmt: skip
    if claims.get("token_use") != "id":
        raise jwt.InvalidTokenError("not an id token")
    return claims


def issuer() -> str:
    return f"https://cognito-idp.{config.region}.amazonaws.com/{config.user_pool_id}"


def begin_second_factor(access: str) -> str:
    """A new secret for somebody's app, good once a code of it was seen."""
    return str(_call("associate_software_token", AccessToken=access)["SecretCode"])


def prove_second_factor(access: str, code: str) -> None:
    """That somebody's app shows codes. Raises WrongCode, WrongCredentials when it is too late."""
    said = _call("verify_software_token", AccessToken=access, UserCode=code)
    if said.get("Status", "SUCCESS") != "SUCCESS":
        raise WrongCode


def ask_for_codes(access: str, on: bool) -> None:
    """From now on, or not any more. Raises WrongCredentials when it is too late."""
    settings = {"Enabled": on, "PreferredMfa": on}
    _call("set_user_mfa_preference", AccessToken=access, SoftwareTokenMfaSettings=settings)


def _call(operation: str, **parameters: Any) -> dict[str, Any]:
    try:
        found: dict[str, Any] = getattr(client("cognito-idp"), operation)(**parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _WRONG_CODE:
            raise WrongCode from error
        if code == "InvalidPasswordException":
            raise Refused(error.response["Error"]["Message"]) from error
        if code in _WRONG:
            raise WrongCredentials from error
        raise
    return found


def _result(given: dict[str, Any]) -> Proved | Asked:
    """The refresh token is dropped here: nothing of ours is ever renewed with it."""
    if result := given.get("AuthenticationResult"):
        return Proved(verified(result["IdToken"]), result["AccessToken"])
    if given.get("ChallengeName"):
        return Asked(given["ChallengeName"], given["Session"])
    raise WrongCredentials


@cache
def _keys() -> jwt.PyJWKClient:
    return jwt.PyJWKClient(_keys_address(), timeout=3)


def _keys_address() -> str:
    host = config.endpoint_url or f"https://cognito-idp.{config.region}.amazonaws.com"
    return f"{host}/{config.user_pool_id}/.well-known/jwks.json"
