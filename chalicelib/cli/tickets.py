"""Tickets: shown, handed over, and given to somebody by hand of the operator."""

import json
from typing import Annotated, Any

import typer
from rich.markup import escape

from chalicelib.cli import output
from chalicelib.cli.output import Json, console
from chalicelib.domain.people import SYSTEM, requester_id
from chalicelib.services import clock, dispatch, links, people, reading, transfers, views
from chalicelib.services.transfers import Goal

commands = typer.Typer(no_args_is_help=True, help="Tickets.")
FACTS = ("status", "priority", "tier", "team", "channel", "created_at", "updated_at")
NOT_NEEDED = "It needs nobody: it is assigned, finished, or for its team to take by themselves."


@commands.command("show")
def show_ticket(ticket_id: str, as_json: Json = False) -> None:
    """A ticket and its timeline."""
    whole = reading.read_whole(ticket_id, SYSTEM)
    view = views.ticket_view(whole.ticket, clock.now(), "", whole.description)
    entries = [views.entry_view(entry, SYSTEM) for entry in whole.entries]
    if as_json:
        output.data({**view, "timeline": entries})
        return
    console.print(f"[bold]{view['id']}[/] {escape(view['subject'])}", highlight=False)
    output.table("Ticket", [view], FACTS)
    shown = [{**e, "by": e["by"]["name"], "data": json.dumps(e["data"])[:80]} for e in entries]
    output.table("Timeline", shown, ("id", "at", "kind", "by", "data"))


@commands.command("transfer")
def transfer_tickets(
    ticket_ids: list[str],
    person: Annotated[str | None, typer.Option(help="An id or a mail address.")] = None,
    team: Annotated[str | None, typer.Option(help="The id of a team.")] = None,
    tier: int | None = None,
    note: Annotated[str, typer.Option(help="For whoever gets them.")] = "",
    as_json: Json = False,
) -> None:
    """Hand tickets to a person, a team or a tier, each by itself."""
    goal = Goal(people.named(person).person_id if person else None, team, tier)
    done = transfers.transfer_all(ticket_ids, goal, note, SYSTEM, clock.now())
    output.rows("Handed over", [one.to_data() for one in done], ("id", "ok", "problem"), as_json)
    if any(one.problem for one in done):
        raise typer.Exit(1)


@commands.command("dispatch")
def dispatch_ticket(ticket_id: str, as_json: Json = False) -> None:
    """Look for an agent for a ticket, as its tier's queue does, and say why it is who it is."""
    ticket, _ = reading.read(ticket_id, SYSTEM)
    done = dispatch.dispatch(ticket_id, int(ticket.tier), clock.now())
    assignee, why = (done.assignee_name, _why(done)) if done else (None, NOT_NEEDED)
    if as_json:
        return output.data({"ticket": ticket_id, "assignee": assignee, "why": why})
    if assignee:
        return output.done(f"{ticket_id} went to {why}.")
    return console.print(escape(why), highlight=False)


def _why(ticket: Any) -> str:
    if not ticket.assignee_id:
        return f"Nobody can take it: {dispatch.would_choose(ticket, clock.now()).reason}."
    entries = reading.read_whole(ticket.ticket_id, SYSTEM).entries
    return str(next(one.data["reason"] for one in reversed(entries) if one.kind == "assigned"))


@commands.command("revoke-links")
def revoke_links(
    ticket_id: Annotated[str | None, typer.Argument(help="Whose mailed links shall end.")] = None,
    of: Annotated[str | None, typer.Option(help="Or all of this requester's mail address.")] = None,
) -> None:
    """End every link that was mailed, and whatever guests have opened with them."""
    if bool(ticket_id) == bool(of):
        raise typer.BadParameter("Give a ticket, or --of and a mail address.")
    now = clock.now()
    if ticket_id:
        ended = links.revoke_all_of_ticket(ticket_id, SYSTEM, now)
    else:
        ended = links.revoke_all_of_person(requester_id(of or ""), SYSTEM, now)
    output.done(f"Links and passes that open nothing any more: {ended}.")
