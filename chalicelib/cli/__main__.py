"""The commands, put together."""

import typer
from rich.markup import escape

from chalicelib.cli import (
    alerts,
    audit,
    desk,
    jobs,
    on_call,
    people,
    privacy,
    sla,
    sla_settings,
    staffing,
    tickets,
    tokens,
)
from chalicelib.cli.output import console
from chalicelib.domain.errors import DeskError, Invalid

app = typer.Typer(no_args_is_help=True, help="Operate a Tierline desk.")
sla_settings.add_to(sla.commands)
GROUPS = {
    "people": people.commands,
    "tickets": tickets.commands,
    **staffing.GROUPS,
    "on-call": on_call.commands,
    **alerts.GROUPS,
    "sla": sla.commands,
    **desk.GROUPS,
    **tokens.GROUPS,
    "jobs": jobs.commands,
    "audit": audit.commands,
    "privacy": privacy.commands,
}
for name, group in GROUPS.items():
    app.add_typer(group, name=name)


def main() -> None:
    """Run a command; a refusal is a sentence a fault and exit code 1, not a traceback."""
    try:
        app()
    except Invalid as refusal:
        for wrong in refusal.errors:
            console.print(f"[red]{wrong.pointer}[/] {escape(wrong.detail)}", highlight=False)
        raise SystemExit(1) from refusal
    except DeskError as error:
        console.print(f"[red]{escape(str(error))}[/]")
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
