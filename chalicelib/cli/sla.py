"""Deadlines: explained, compared with what a draft would make of them, and counted."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.progress import Progress

from chalicelib.cli import output
from chalicelib.cli.output import Draft, Json, console
from chalicelib.domain.people import SYSTEM
from chalicelib.services import attainment, clock, reading, sla_settings, what_if
from chalicelib.web import sla_words
from chalicelib.web.times import zone_of

commands = typer.Typer(no_args_is_help=True, help="Deadlines, policies and calendars.")
FLIP = ("ticket", "target", "cycle", "priority", "was", "would_be", "used_seconds",
        "within_seconds")  # fmt: skip
COUNTS = ("target", "policy", "tier", "priority", "met", "breached")
Days = Annotated[int, typer.Option(min=1, max=what_if.MOST_DAYS)]


@commands.command("explain")
def explain(ticket_id: str, as_json: Json = False) -> None:
    """Why each deadline of a ticket is where it is."""
    found = reading.explain(ticket_id, SYSTEM, clock.now())
    if as_json:
        return output.data({**found, "words": sla_words.told(found)})
    hours = "open now" if found["open_now"] else f"opens {found['next_opening_at'] or 'never'}"
    _say(f"Policy [bold]{found['policy_name']}[/], {found['calendar_name']}, {hours}.")
    for told in sla_words.told(found):
        _say(f"\n[bold]{told['title']}[/]", *(f"  {line}" for line in told["lines"]))
    for line in sla_words.past(found):
        _say(f"[dim]Earlier: {line}[/]")
    if upcoming := sla_words.upcoming(found):
        zone = zone_of({"time_zone": found["zone"]})
        _say(f"\nNext: {sla_words.in_zone(upcoming, zone)}")
    return None


@commands.command("what-if")
def ask_what_if(
    policy: Draft = None, calendar: Draft = None, days: Days = 90, as_json: Json = False
) -> None:
    """Which verdicts of the last days a draft would have flipped. Nothing is changed."""
    now = clock.now()
    drafts = [output.read(file) if file else None for file in (policy, calendar)]
    about = sla_settings.what_if_about(drafts[0], drafts[1], days, now)
    looked_at, flips = _replay(what_if.draft_of(about), days, now)
    output.rows(f"Flipped in {looked_at} tickets", flips, FLIP, as_json)
    if not as_json:
        _say(f"{len(flips)} verdicts would be others; nothing was changed.")


@commands.command("attainment")
def show_attainment(
    month: Annotated[str | None, typer.Option(help="As 2026-11; this month if left out.")] = None,
    as_json: Json = False,
) -> None:
    """Promises kept and broken in a month."""
    wanted = month or f"{clock.now():%Y-%m}"
    output.rows(f"Promises in {wanted}", attainment.of_month(wanted), COUNTS, as_json)


def _replay(draft: what_if.Draft, days: int, now: datetime) -> tuple[int, list[dict[str, Any]]]:
    """Page by page, with progress on the terminal; answers how many tickets, and the flips."""
    looked_at = 0
    flips: list[dict[str, Any]] = []
    parts = what_if.parts(days, now)
    with Progress(console=console, transient=True) as progress:
        total = sum(what_if.total(days, name, now) for name in parts)
        task = progress.add_task("Measuring anew", total=total)
        for page in what_if.pages(draft, days, now):
            looked_at += page.seen
            flips += page.found
            progress.advance(task, page.seen)
    return looked_at, flips


def _say(*lines: str) -> None:
    for line in lines:
        console.print(line, highlight=False)
