"""The desk's tokens and its queues."""

from datetime import timedelta

import typer
from rich.progress import track

from chalicelib.cli import output
from chalicelib.cli.output import Json, console
from chalicelib.services import clock, operations, people

tokens_app = typer.Typer(no_args_is_help=True, help="API tokens.")
queues_app = typer.Typer(no_args_is_help=True, help="Queues and their dead letters.")
GROUPS = {"tokens": tokens_app, "queues": queues_app}


@tokens_app.command("issue")
def issue_token(person: str, label: str, days: int = 365) -> None:
    """Issue an API token for somebody, by id or mail address; it is shown this once."""
    token = people.issue_token(
        people.named(person).person_id, label, clock.now(), timedelta(days=days)
    )
    console.print(token, soft_wrap=True, highlight=False)


@queues_app.command("depth")
def show_depth(as_json: Json = False) -> None:
    """What waits in each queue, and what has died there."""
    rows = operations.depths()
    output.rows("Queues", rows, ("queue", "waiting", "in_flight", "delayed", "dead"), as_json)


@queues_app.command("redrive")
def redrive(queue: str) -> None:
    """Send a queue's dead letters through it again; each is safe there before it is taken away."""
    moved = sum(1 for _ in track(operations.redrive(queue), description=f"{queue}…"))
    output.done(f"{moved} sent to {queue} again.")
