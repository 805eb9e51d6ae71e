"""One's own API tokens and sessions."""

from datetime import datetime
from typing import Annotated, Any

from chalice import Response
from pydantic import BaseModel, Field

from chalicelib.domain.api_tokens import EVERYTHING, Scope
from chalicelib.domain.permissions import Access
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.preconditions import do_once
from chalicelib.handlers.api.schemas import Line, Strict
from chalicelib.handlers.entry import json_response, no_content
from chalicelib.services import sessions, tokens

TOKENS, SESSIONS = "/people/me/tokens", "/people/me/sessions"
TAGS: dict[str, Any] = {"tags": ("people",)}


class NewToken(Strict):
    """It may do at most what the token may that makes it, and ends with it at the latest."""

    label: Annotated[Line, Field(min_length=1, max_length=100, examples=["Night report"])]
    scopes: list[Scope] = Field(list(EVERYTHING), min_length=1, strict=False)
    days: Annotated[int, Field(ge=1, le=tokens.LONGEST_DAYS)] = tokens.LONGEST_DAYS


class TokenOut(BaseModel):
    id: str
    label: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class NewTokenOut(TokenOut):
    """`token` is there this once; when a keyed request is answered again, it is null."""

    token: str | None


class TokensOut(BaseModel):
    items: list[TokenOut]
    next: str | None


class SessionOut(BaseModel):
    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str | None
    browser: str | None


class SessionsOut(BaseModel):
    items: list[SessionOut]
    next: str | None


@endpoint("GET", TOKENS, Access.PERSON, answers=TokensOut, **TAGS)
def list_my_tokens(call: Call) -> Response:
    """List one's own API tokens, the newest first, without the tokens themselves."""
    return _listed([tokens.view(one) for one in tokens.of(call.actor.id)])


@endpoint(
    "POST", TOKENS, Access.PERSON, answers=NewTokenOut, body=NewToken, status=201, keyed=True,
    **TAGS,
)  # fmt: skip
def create_my_token(call: Call) -> Response:
    """Make a token of one's own; the answer shows it this once."""
    asked: NewToken = call.body

    def phrase(row: Any, secret: str | None = None) -> dict[str, Any]:
        where = f"{call.incoming.base_url}/api/v1{TOKENS}/{row.token_id}"
        return {"body": {**tokens.view(row), "token": secret}, "headers": {"Location": where}}

    def create(key: Any) -> Any:
        scopes = [one.value for one in asked.scopes]
        return tokens.create(
            call.actor, asked.label, asked.days, scopes, call.now, within=call.scopes,
            until=call.until, once=key,
        )  # fmt: skip

    return do_once(call, TOKENS, phrase, create)


@endpoint("DELETE", f"{TOKENS}/{{token_id}}", Access.PERSON, answers=None, status=204, **TAGS)
def revoke_my_token(call: Call, token_id: str) -> Response:
    """Revoke one of one's own tokens; it opens nothing from then on."""
    tokens.revoke(call.actor.id, token_id, call.actor, call.now)
    return no_content()


@endpoint("GET", SESSIONS, Access.PERSON, answers=SessionsOut, **TAGS)
def list_my_sessions(call: Call) -> Response:
    """List where one is signed in with a browser, the newest first."""
    return _listed([sessions.view(one) for one in sessions.of(call.actor.id, call.now)])


@endpoint("DELETE", f"{SESSIONS}/{{session_id}}", Access.PERSON, answers=None, status=204, **TAGS)
def end_my_session(call: Call, session_id: str) -> Response:
    """End one of one's own sessions at once."""
    sessions.end_one(call.actor, session_id, call.now)
    return no_content()


def _listed(items: list[dict[str, Any]]) -> Response:
    return json_response({"items": items, "next": None})
