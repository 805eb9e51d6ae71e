"""The desk itself: its people and their tokens, its tickets, and its queues."""

import json
from datetime import timedelta
from typing import Annotated

import typer
from rich.progress import track

from chalicelib.cli import output
from chalicelib.cli.output import Json, console
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import Role
from chalicelib.services import clock, operations, people, reading, views

people_app = typer.Typer(no_args_is_help=True, help="People of the desk.")
tokens_app = typer.Typer(no_args_is_help=True, help="API tokens.")
tickets_app = typer.Typer(no_args_is_help=True, help="Tickets.")
queues_app = typer.Typer(no_args_is_help=True, help="Queues and their dead letters.")
GROUPS = {"people": people_app, "tokens": tokens_app, "tickets": tickets_app, "queues": queues_app}


@people_app.command("list")
def list_people(as_json: Json = False) -> None:
    """Everybody who works here."""
    rows = [views.person_view(person) for person in [*people.agents(), *people.managers()]]
    output.rows(
        "People",
        rows,
        ("id", "name", "email", "role", "tier", "availability", "time_zone"),
        as_json,
    )


@people_app.command("add")
def add_person(
    name: str,
    email: str,
    role: Role,
    tier: Annotated[int | None, typer.Option(min=1, max=3)] = None,
    time_zone: str = "UTC",
    password: Annotated[
        str | None, typer.Option(help="Lets them sign in; asked for when left out.")
    ] = None,
) -> None:
    """Add somebody, or bring the person with this address up to date."""
    secret = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    person = people.add(name, email, role, secret, tier, time_zone=time_zone)
    output.done(f"{person.name} is {person.person_id}.")


@tokens_app.command("issue")
def issue_token(person: str, label: str, days: int = 365) -> None:
    """Issue an API token for somebody, by id or mail address; it is shown this once."""
    token = people.issue_token(
        people.named(person).person_id, label, clock.now(), timedelta(days=days)
    )
    console.print(token, soft_wrap=True, highlight=False)


@tickets_app.command("show")
def show_ticket(ticket_id: str, as_json: Json = False) -> None:
    """A ticket and its timeline."""
    whole = reading.read_whole(ticket_id, SYSTEM)
    view = views.ticket_view(whole.ticket, clock.now(), "", whole.description)
    entries = [views.entry_view(entry, SYSTEM) for entry in whole.entries]
    if as_json:
        output.data({**view, "timeline": entries})
        return
    console.print(f"[bold]{view['id']}[/] {view['subject']}", highlight=False)
    facts = ("status", "priority", "tier", "channel", "created_at", "updated_at")
    output.table("Ticket", [view], facts)
    shown = [{**e, "by": e["by"]["name"], "data": json.dumps(e["data"])[:80]} for e in entries]
    output.table("Timeline", shown, ("id", "at", "kind", "by", "data"))


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
