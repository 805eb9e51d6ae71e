"""API tokens and sessions, as an operator sees and ends them."""

from datetime import timedelta
from typing import Annotated, Any

import typer

from chalicelib.cli import output
from chalicelib.cli.output import Json, console
from chalicelib.domain.api_tokens import EVERYTHING, Scope
from chalicelib.domain.people import SYSTEM
from chalicelib.services import accounts, clock, people, sessions, tokens

tokens_app = typer.Typer(no_args_is_help=True, help="API tokens.")
sessions_app = typer.Typer(no_args_is_help=True, help="Who is signed in.")
GROUPS = {"tokens": tokens_app, "sessions": sessions_app}
Who = Annotated[str, typer.Argument(help="An id or a mail address.")]
Scopes = Annotated[
    list[Scope] | None, typer.Option("--scope", help="All, when left out; may be given again.")
]


@tokens_app.command("issue")
def issue_token(
    person: Who,
    label: str,
    days: Annotated[int, typer.Option(min=1, max=tokens.LONGEST_DAYS)] = tokens.LONGEST_DAYS,
    scope: Scopes = None,
) -> None:
    """Issue an API token for somebody; it is shown this once."""
    owner = people.named(person).person_id
    token = tokens.issue(owner, label, clock.now(), timedelta(days=days), scope or EVERYTHING)
    console.print(token, soft_wrap=True, highlight=False)


@tokens_app.command("list")
def list_tokens(person: Who, as_json: Json = False) -> None:
    """What somebody's tokens are for, and when each was last used."""
    rows = [tokens.view(one) for one in tokens.of(people.named(person).person_id)]
    if not as_json:
        rows = [{**one, "scopes": ", ".join(one["scopes"])} for one in rows]
    columns = ("id", "label", "scopes", "expires_at", "last_used_at")
    output.rows("Tokens", rows, columns, as_json)


@tokens_app.command("revoke")
def revoke_token(person: Who, token_id: str) -> None:
    """Revoke one of somebody's tokens; it opens nothing from then on."""
    gone = tokens.revoke(people.named(person).person_id, token_id, SYSTEM, clock.now())
    output.done(f"{gone.label} is revoked.")


@sessions_app.command("list")
def list_sessions(person: Who, as_json: Json = False) -> None:
    """Where somebody is signed in."""
    found = sessions.of(people.named(person).person_id, clock.now())
    rows: list[dict[str, Any]] = [sessions.view(one) for one in found]
    output.rows("Sessions", rows, ("id", "browser", "address", "created_at", "seen_at"), as_json)


@sessions_app.command("end")
def end_sessions(person: Who) -> None:
    """Sign somebody out everywhere; their tokens stay."""
    ended = accounts.sign_out_everywhere(people.named(person), SYSTEM, clock.now())
    output.done(f"{ended} sessions ended.")
