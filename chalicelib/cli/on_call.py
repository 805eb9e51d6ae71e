"""On-call rotations: listed, stored as versions and deleted; who is called now and later."""

from typing import Annotated, Any

import typer

from chalicelib.cli import output
from chalicelib.cli.output import File, Json
from chalicelib.domain.people import SYSTEM
from chalicelib.services import clock, desk_settings, on_call_views, settings

commands = typer.Typer(no_args_is_help=True, help="On-call: who is called when nobody is there.")
ROTATION = ("id", "name", "version", "tier", "zone", "people", "turn_days", "pages_for")
SPELL = ("starts_at", "ends_at", "person", "by_override")
NOW = ("id", "tier", "now", "until", "then")
Days = Annotated[int, typer.Option(min=1, max=366)]


@commands.command("list")
def list_rotations(as_json: Json = False) -> None:
    """The rotations, as they are now."""
    rows = [rotation.to_data() for rotation in settings.rotations()]
    output.rows("Rotations", rows, ROTATION, as_json)


@commands.command("put")
def put_rotation(file: File) -> None:
    """Store a rotation from a JSON file, as its next version."""
    rotation = desk_settings.put_rotation(output.read(file), SYSTEM, clock.now())
    output.done(f"{rotation.id} is at version {rotation.version}.")


@commands.command("delete")
def delete_rotation(rotation_id: str) -> None:
    """Delete a rotation; the pages that it began stay with whom they called."""
    desk_settings.delete_rotation(rotation_id, SYSTEM, clock.now())
    output.done(f"{rotation_id} is gone.")


@commands.command("now")
def show_now(as_json: Json = False) -> None:
    """Who is called at this moment by each rotation, until when, and who then."""
    found = on_call_views.now_and_next(clock.now())
    if as_json:
        return output.data(found)
    return output.table("On call", [_in_words(one) for one in found], NOW)


@commands.command("schedule")
def show_schedule(rotation_id: str, days: Days = 28, as_json: Json = False) -> None:
    """Who is called from now on, cut wherever that changes."""
    rotation = desk_settings.rotation(rotation_id)
    found = on_call_views.schedule(rotation, days, clock.now())
    if as_json:
        return output.data(found)
    return output.table(rotation.name, [{**one, "person": _name(one)} for one in found], SPELL)


def _in_words(one: dict[str, Any]) -> dict[str, Any]:
    until = one["now"]["ends_at"]
    return {**one, "now": _name(one["now"]), "until": until, "then": _name(one["then"])}


def _name(spell: dict[str, Any] | None) -> str | None:
    """Who is called in a spell; the id where they are not here any more."""
    person = spell["person"] if spell else None
    return (person["name"] or person["id"]) if person else None
