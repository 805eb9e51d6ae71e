"""What people may ask of the desk about themselves: all that it holds, or to be forgotten."""

from typing import Annotated

import typer

from chalicelib.cli import output
from chalicelib.cli.output import console
from chalicelib.domain.people import SYSTEM
from chalicelib.services import clock, exports, privacy

commands = typer.Typer(no_args_is_help=True, help="Export or erase somebody.")
Address = Annotated[str, typer.Argument(help="Their mail address.")]


@commands.command("export")
def export_person(
    address: Address,
    notes: Annotated[bool, typer.Option(help="With internal notes on their requests.")] = False,
) -> None:
    """Gather all that is held about somebody, in the background."""
    job = privacy.export(address, notes, SYSTEM, clock.now())
    output.done(f"{job.job_id} gathers it. Then: privacy fetch {job.job_id}")


@commands.command("fetch")
def fetch_export(job_id: str) -> None:
    """Print where an export can be fetched for a minute."""
    where = exports.address_of(job_id, SYSTEM, clock.now())
    console.print(where, soft_wrap=True, highlight=False)


@commands.command("erase")
def erase_person(
    address: Address,
    confirm: Annotated[str, typer.Option(help="The same address again.")],
    also_open: Annotated[bool, typer.Option(help="Cancel what is open still.")] = False,
) -> None:
    """Erase somebody for good, in the background; figures and the shape of histories stay."""
    job = privacy.erase(address, confirm, also_open, SYSTEM, clock.now())
    output.done(f"{job.job_id} erases them. How far it is: jobs show {job.job_id}")
