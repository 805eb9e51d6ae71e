"""Operators' commands: the same on the local desk and on AWS, by the environment's settings."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from chalicelib.domain.errors import DeskError
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import Role
from chalicelib.services import clock, operations, people, reading, settings, views

app = typer.Typer(no_args_is_help=True, help="Operate a Tierline desk.")
people_app = typer.Typer(no_args_is_help=True, help="People of the desk.")
tokens_app = typer.Typer(no_args_is_help=True, help="API tokens.")
tickets_app = typer.Typer(no_args_is_help=True, help="Tickets.")
queues_app = typer.Typer(no_args_is_help=True, help="Queues and their dead letters.")
sla_app = typer.Typer(no_args_is_help=True, help="Deadlines.")
for name, group in {"people": people_app, "tokens": tokens_app, "tickets": tickets_app,
                    "queues": queues_app, "sla": sla_app}.items():  # fmt: skip
    app.add_typer(group, name=name)

console = Console()
KEYS = {"id", "email", "queue"}
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]


@people_app.command("list")
def list_people(as_json: Json = False) -> None:
    """Everybody who works here."""
    rows = [views.person_view(person) for person in [*people.agents(), *people.managers()]]
    _rows(
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
    console.print(f"[green]✓[/] {person.name} is {person.person_id}.")


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
        console.print_json(json.dumps({**view, "timeline": entries}))
        return
    console.print(f"[bold]{view['id']}[/] {view['subject']}", highlight=False)
    facts = ("status", "priority", "tier", "channel", "created_at", "updated_at")
    _table("Ticket", [view], facts)
    shown = [{**e, "by": e["by"]["name"], "data": json.dumps(e["data"])[:80]} for e in entries]
    _table("Timeline", shown, ("id", "at", "kind", "by", "data"))


@queues_app.command("depth")
def show_depth(as_json: Json = False) -> None:
    """What waits in each queue, and what has died there."""
    rows = operations.depths()
    _rows("Queues", rows, ("queue", "waiting", "in_flight", "delayed", "dead"), as_json)


@queues_app.command("redrive")
def redrive(queue: str) -> None:
    """Send a queue's dead letters through it again; each is safe there before it is taken away."""
    moved = sum(1 for _ in track(operations.redrive(queue), description=f"{queue}…"))
    console.print(f"[green]✓[/] {moved} sent to {queue} again.")


@sla_app.command("policies")
def list_policies(as_json: Json = False) -> None:
    """The SLA policies, as they are now."""
    rows = [policy.to_data() for policy in settings.policies()]
    _rows("Policies", rows, ("id", "name", "version", "calendar", "warnings"), as_json)


@sla_app.command("calendars")
def list_calendars(as_json: Json = False) -> None:
    """The calendars of business hours, as they are now."""
    rows = [calendar.to_data() for calendar in settings.calendars()]
    _rows("Calendars", rows, ("id", "name", "version", "zone"), as_json)


@sla_app.command("put-policy")
def put_policy(file: File) -> None:
    """Store a policy from a JSON file, as its next version."""
    policy = settings.put_policy(_read(file))
    console.print(f"[green]✓[/] {policy.id} is at version {policy.version}.")


@sla_app.command("put-calendar")
def put_calendar(file: File) -> None:
    """Store a calendar from a JSON file, as its next version."""
    calendar = settings.put_calendar(_read(file), clock.now())
    console.print(f"[green]✓[/] {calendar.id} is at version {calendar.version}.")


@sla_app.command("explain")
def explain(ticket_id: str, as_json: Json = False) -> None:
    """Why each deadline of a ticket is where it is."""
    ticket, _ = reading.read(ticket_id, SYSTEM)
    found = views.sla_explanation(ticket, clock.now(), SYSTEM)
    if as_json:
        console.print_json(json.dumps(found))
        return
    hours = "open now" if found["open_now"] else f"opens {found['next_opening_at'] or 'never'}"
    console.print(f"Policy [bold]{found['policy']}[/], calendar {found['calendar']}, {hours}.")
    facts = ("kind", "state", "due_at", "within_seconds", "used_seconds", "remaining_seconds")
    _table("Targets", found["targets"], facts)
    for target in found["targets"]:
        _table(f"{target['kind']}: ran", target["segments"], ("started_at", "stopped_at"))


def _read(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise typer.BadParameter(f"{file} is no JSON: {error}") from error
    if not isinstance(data, dict):
        raise typer.BadParameter(f"{file} must hold one JSON object.")
    return data


def _rows(title: str, rows: list[dict[str, Any]], columns: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        console.print_json(json.dumps(rows))
    else:
        _table(title, rows, columns)


def _table(title: str, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> None:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, no_wrap=column in KEYS)
    for row in rows:
        table.add_row(*(str("-" if row[name] is None else row[name]) for name in columns))
    console.print(table)


def main() -> None:
    """Run a command; a refusal is a sentence and exit code 1, not a traceback."""
    try:
        app()
    except DeskError as error:
        console.print(f"[red]{error}[/]")
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
