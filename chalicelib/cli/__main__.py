"""The commands, put together."""

import typer

from chalicelib.cli import desk, jobs, sla, sla_settings
from chalicelib.cli.output import console
from chalicelib.domain.errors import DeskError, Invalid

app = typer.Typer(no_args_is_help=True, help="Operate a Tierline desk.")
sla_settings.add_to(sla.commands)
for name, group in {**desk.GROUPS, "sla": sla.commands, "jobs": jobs.commands}.items():
    app.add_typer(group, name=name)


def main() -> None:
    """Run a command; a refusal is a sentence a fault and exit code 1, not a traceback."""
    try:
        app()
    except Invalid as refusal:
        for wrong in refusal.errors:
            console.print(f"[red]{wrong.pointer}[/] {wrong.detail}", highlight=False)
        raise SystemExit(1) from refusal
    except DeskError as error:
        console.print(f"[red]{error}[/]")
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
