"""The audit: shown, written out, and its chain walked."""

import json
from datetime import datetime, timedelta
from typing import Annotated

import typer

from chalicelib.cli import output
from chalicelib.cli.output import Json
from chalicelib.domain.people import SYSTEM
from chalicelib.services import audit, audit_chain, clock

commands = typer.Typer(no_args_is_help=True, help="Who changed what, and whether that was altered.")
COLUMNS = ("at", "action", "about", "actor", "address")
PAGE = 100


@commands.command("verify")
def verify() -> None:
    """Walk the chain; names the first row or link that was altered or taken away.

    It is compared with its ends as they were noted in the locked bucket.
    """
    found = audit_chain.verify(clock.now(), audit_chain.noted_heads())
    if found.fault:
        output.done(f"{found.fault} The chain holds up to link {found.links - 1}.")
        raise typer.Exit(1)
    output.done(f"{found.links} links cover {found.rows} rows, unaltered. Head: {found.head}")
    output.done(f"It agrees with {found.noted} ends of it that were noted in the locked bucket.")


@commands.command("export")
def export(
    since: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"])],
    until: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"])],
    actor: str | None = None,
) -> None:
    """Every row of some days, newest first, a line of JSON each."""
    cursor, now, days = None, clock.now(), (since.date(), until.date())
    while True:
        rows, cursor = audit.page(SYSTEM, now, *days, actor, PAGE, cursor)
        for row in rows:
            typer.echo(json.dumps(row, ensure_ascii=False))
        if cursor is None:
            return


@commands.command("list")
def list_rows(days: int = 1, as_json: Json = False) -> None:
    """The last rows, newest first."""
    now = clock.now()
    since = now.date() - timedelta(days=days)
    rows, _ = audit.page(SYSTEM, now, since, now.date(), None, PAGE, None)
    shown = [{**row, "actor": row["actor"]["name"]} for row in rows]
    output.rows("Audit", shown, COLUMNS, as_json)
