"""Cognito: passwords are checked there, never here."""

from functools import cache
from typing import Any

import jwt
from botocore.exceptions import ClientError

from chalicelib.adapters.aws import client
from chalicelib.config import config

_WRONG = {"NotAuthorizedException", "UserNotFoundException", "PasswordResetRequiredException",
          "UserNotConfirmedException", "InvalidParameterException"}  # fmt: skip


class WrongCredentials(Exception):
    """The pool does not know this pair of address and password."""


def sign_in(email: str, password: str) -> dict[str, Any]:
    """The verified claims of the id token. Raises WrongCredentials."""
    try:
        answer = client("cognito-idp").initiate_auth(
            AuthFlow="USER_PASSWORD_AUTH",
            ClientId=config.user_pool_client_id,
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in _WRONG:
            raise WrongCredentials from error
        raise
    if "AuthenticationResult" not in answer:
        raise WrongCredentials
    return verified(answer["AuthenticationResult"]["IdToken"])


def verified(id_token: str) -> dict[str, Any]:
    """Claims of a token signed by our pool for our client. Raises jwt.InvalidTokenError."""
    key = _keys().get_signing_key_from_jwt(id_token).key
    claims: dict[str, Any] = jwt.decode(
        id_token, key, algorithms=["RS256"], audience=config.user_pool_client_id,
        options={"require": ["exp", "iss", "aud", "sub"]}, leeway=5,
    )  # fmt: skip
    if claims.get("token_use") != "id" or not claims["iss"].endswith(f"/{config.user_pool_id}"):
        raise jwt.InvalidTokenError("not an id token of our user pool")
    return claims


class Refused(Exception):
    """The pool does not take this password; the message says what it asks for."""


def create_user(email: str, password: str) -> str:
    """Add somebody to the pool with a permanent password; answers their subject. Raises Refused."""
    pool = {"UserPoolId": config.user_pool_id, "Username": email}
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    cognito = client("cognito-idp")
    try:
        user = cognito.admin_create_user(
            **pool, UserAttributes=attributes, MessageAction="SUPPRESS"
        )["User"]["Attributes"]
    except cognito.exceptions.UsernameExistsException:
        user = cognito.admin_get_user(**pool)["UserAttributes"]
    try:
        cognito.admin_set_user_password(**pool, Password=password, Permanent=True)
    except cognito.exceptions.InvalidPasswordException as error:
        raise Refused(error.response["Error"]["Message"]) from error
    return next(str(a["Value"]) for a in user if a["Name"] == "sub")


@cache
def _keys() -> jwt.PyJWKClient:
    host = config.endpoint_url or f"https://cognito-idp.{config.region}.amazonaws.com"
    return jwt.PyJWKClient(f"{host}/{config.user_pool_id}/.well-known/jwks.json", timeout=3)
