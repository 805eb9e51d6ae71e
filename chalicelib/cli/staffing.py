"""Teams and routing rules: listed, stored as versions, ordered, tried and deleted."""

from typing import Annotated, Any

import typer

from chalicelib.cli import output
from chalicelib.cli.output import File, Json, console
from chalicelib.domain.people import SYSTEM
from chalicelib.services import clock, desk_settings, routing, settings

teams_app = typer.Typer(no_args_is_help=True, help="Teams, and how their tickets are handed out.")
rules_app = typer.Typer(no_args_is_help=True, help="Routing rules: where new tickets go.")
GROUPS = {"teams": teams_app, "rules": rules_app}
TEAM = ("id", "name", "version", "strategy", "short_break", "dedicated", "outside")
RULE = ("id", "name", "version", "conditions", "tier", "team", "skills", "priority")
TRIED = ("ticket", "subject", "now", "then")
Tickets = Annotated[int, typer.Option(min=1, max=500, help="How many of the latest.")]
Before = Annotated[str | None, typer.Option(help="The rule before which it would be asked.")]


@teams_app.command("list")
def list_teams(as_json: Json = False) -> None:
    """The teams, as they are now."""
    output.rows("Teams", [team.to_data() for team in settings.teams()], TEAM, as_json)


@teams_app.command("put")
def put_team(file: File) -> None:
    """Store a team from a JSON file, as its next version."""
    team = desk_settings.put_team(output.read(file), SYSTEM, clock.now())
    output.done(f"{team.id} is at version {team.version}.")


@teams_app.command("delete")
def delete_team(team_id: str) -> None:
    """Delete a team that nobody is in and no rule names."""
    desk_settings.delete_team(team_id, SYSTEM, clock.now())
    output.done(f"{team_id} is gone.")


@rules_app.command("list")
def list_rules(as_json: Json = False) -> None:
    """The routing rules, in the order in which they are asked."""
    output.rows("Rules", [rule.to_data() for rule in settings.rules()], RULE, as_json)


@rules_app.command("put")
def put_rule(file: File) -> None:
    """Store a rule from a JSON file, as its next version."""
    rule = desk_settings.put_rule(output.read(file), SYSTEM, clock.now())
    output.done(f"{rule.id} is at version {rule.version}.")


@rules_app.command("delete")
def delete_rule(rule_id: str) -> None:
    """Delete a rule; the default stays."""
    desk_settings.delete_rule(rule_id, SYSTEM, clock.now())
    output.done(f"{rule_id} is gone.")


@rules_app.command("order")
def order_rules(rule_ids: list[str]) -> None:
    """Say in which order the rules are asked; the default stays last."""
    desk_settings.order_rules(rule_ids, SYSTEM, clock.now())
    output.done("The order is stored.")


@rules_app.command("try")
def try_rule(
    file: File, tickets: Tickets = 100, before: Before = None, as_json: Json = False
) -> None:
    """Where a draft of a rule would have sent the latest tickets. Nothing is changed."""
    rules = desk_settings.rules_with(output.read(file), before)
    with console.status("Asking the rules"):
        rows = routing.dry_run(rules, tickets, clock.now())
    if as_json:
        return output.data(rows)
    changed = [row for row in rows if row["changed"]]
    shown = [{**row, "now": _goal(row["now"]), "then": _goal(row["then"])} for row in changed]
    output.table("Would go elsewhere", shown, TRIED)
    return output.done(f"{len(changed)} of {len(rows)} would; nothing was changed.")


def _goal(row: dict[str, Any]) -> str:
    """`tier 2, network, P2, by vip`."""
    skills = [f"{name} {level}" for name, level in row["skills"].items()]
    parts = (f"tier {row['tier']}", row["team"], *skills, row["priority"], f"by {row['rule']}")
    return ", ".join(part for part in parts if part)
