"""The desk's queues."""

import typer
from rich.progress import track

from chalicelib.cli import output
from chalicelib.cli.output import Json
from chalicelib.services import operations

queues_app = typer.Typer(no_args_is_help=True, help="Queues and their dead letters.")
GROUPS = {"queues": queues_app}


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
