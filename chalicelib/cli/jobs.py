"""Long work in the background: which there is, and how far it is."""

import time
from typing import Annotated

import typer
from rich.progress import Progress

from chalicelib.cli import output
from chalicelib.cli.output import Json, console
from chalicelib.domain.people import SYSTEM
from chalicelib.services import clock, jobs

commands = typer.Typer(no_args_is_help=True, help="Work in the background.")
COLUMNS = ("id", "kind", "state", "seen", "total", "changed", "created_at")
LOOKS_EVERY = 1.0


@commands.command("list")
def list_jobs(as_json: Json = False) -> None:
    """The latest jobs, newest first."""
    output.rows("Jobs", [jobs.view(one) for one in jobs.latest()], COLUMNS, as_json)


@commands.command("show")
def show_job(
    job_id: str,
    wait: Annotated[bool, typer.Option(help="Stay until it has finished.")] = False,
    as_json: Json = False,
) -> None:
    """How far a job is."""
    if wait:
        _stay(job_id)
    output.rows("Job", [jobs.view(jobs.find(job_id))], COLUMNS, as_json)


@commands.command("send-again")
def send_again(job_id: str) -> None:
    """Send a running job's next pages to the queue again, if its messages were lost."""
    jobs.send_again(job_id, SYSTEM, clock.now())
    output.done(f"{job_id} was sent again.")


def _stay(job_id: str) -> None:
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Working", total=None)
        while (seen := jobs.view(jobs.find(job_id)))["state"] != "finished":
            words = "Looking once more" if seen["checking"] else "Working"
            progress.update(
                task, completed=seen["seen"], total=seen["total"] or None, description=words
            )
            time.sleep(LOOKS_EVERY)
