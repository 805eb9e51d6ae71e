"""The accounts of the user pool, as operators and admins change them."""

from chalicelib.adapters.aws import client
from chalicelib.adapters.identity import Refused
from chalicelib.config import config


def reset_second_factor(email: str) -> None:
    """For somebody who lost their app."""
    settings = {"Enabled": False, "PreferredMfa": False}
    client("cognito-idp").admin_set_user_mfa_preference(
        **_user(email), SoftwareTokenMfaSettings=settings
    )


def create_user(email: str, password: str, *, permanent: bool = True) -> str:
    """Add somebody to the pool, or set their password; answers their subject. Raises Refused.

    A password that is not permanent has to be replaced at the first sign-in.
    """
    cognito = client("cognito-idp")
    try:
        user = cognito.admin_create_user(
            **_user(email), UserAttributes=_attributes(email), MessageAction="SUPPRESS"
        )["User"]["Attributes"]
    except cognito.exceptions.UsernameExistsException:
        user = cognito.admin_get_user(**_user(email))["UserAttributes"]
    try:
        cognito.admin_set_user_password(**_user(email), Password=password, Permanent=permanent)
    except cognito.exceptions.InvalidPasswordException as error:
        raise Refused(error.response["Error"]["Message"]) from error
    return _subject(user)


def invite(email: str) -> str:
    """Let the pool mail somebody a password for the first sign-in; answers their subject.

    Raises Refused when they have an account.
    """
    cognito = client("cognito-idp")
    try:
        user = cognito.admin_create_user(
            **_user(email), UserAttributes=_attributes(email), DesiredDeliveryMediums=["EMAIL"]
        )
    except cognito.exceptions.UsernameExistsException as error:
        raise Refused("They have an account already; give them a password instead.") from error
    return _subject(user["User"]["Attributes"])


def disable(email: str) -> None:
    """No more sign-ins, and nothing that the pool gave out is good any longer."""
    _if_known("admin_disable_user", email)
    _if_known("admin_user_global_sign_out", email)


def delete(email: str) -> None:
    """As if they had never had an account."""
    _if_known("admin_delete_user", email)


def enable(email: str) -> None:
    _if_known("admin_enable_user", email)


def sign_out_everywhere(email: str) -> None:
    _if_known("admin_user_global_sign_out", email)


def _user(email: str) -> dict[str, str]:
    return {"UserPoolId": config.user_pool_id, "Username": email}


def _attributes(email: str) -> list[dict[str, str]]:
    return [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]


def _subject(attributes: list[dict[str, str]]) -> str:
    return next(str(one["Value"]) for one in attributes if one["Name"] == "sub")


def _if_known(operation: str, email: str) -> None:
    """Of somebody who signs in elsewhere, or not at all, the pool knows nothing."""
    if not config.user_pool_id:
        return
    cognito = client("cognito-idp")
    try:
        getattr(cognito, operation)(**_user(email))
    except cognito.exceptions.UserNotFoundException:
        return
