"""People of the desk: who they are, what they carry, and whether they take tickets now."""

from datetime import datetime
from typing import Annotated, Any

import typer
from rich.progress import track

from chalicelib.cli import output
from chalicelib.cli.output import Json, console
from chalicelib.domain.instants import from_text, plausible
from chalicelib.domain.people import SYSTEM
from chalicelib.domain.vocabulary import STAFF, Availability, Role
from chalicelib.services import accounts, clock, loads, members, people, views

commands = typer.Typer(no_args_is_help=True, help="People of the desk.")
COLUMNS = ("who", "tiers", "team, shift", "load", "is")
Who = Annotated[str, typer.Argument(help="An id or a mail address.")]
Password = Annotated[
    str | None, typer.Option(help="To sign in. Left out: one for the first time is made.")
]
ByMail = Annotated[bool, typer.Option("--by-mail", help="Mail it instead of showing it.")]
Tiers = Annotated[str | None, typer.Option("--tiers", "--tier", help="As 1,2.")]
Skills = Annotated[list[str] | None, typer.Option(help="As network=3; may be given again.")]
Languages = Annotated[list[str] | None, typer.Option(help="As pt; may be given again.")]
Shift = Annotated[str | None, typer.Option(help="The id of a calendar.")]


@commands.command("list")
def list_people(as_json: Json = False) -> None:
    """Everybody who works here, with what they carry."""
    found = [views.person_view(person) for person in members.everybody()]
    if as_json:
        return output.data(found)
    return output.table("People", [_in_words(one) for one in found], COLUMNS)


@commands.command("add")
def add_person(  # noqa: PLR0913 - each is an option of the command
    name: str,
    email: str,
    role: Role,
    tiers: Tiers = None,
    team: str | None = None,
    skill: Skills = None,
    language: Languages = None,
    branch: str | None = None,
    shift: Shift = None,
    capacity: int | None = None,
    time_zone: str | None = None,
    password: Password = None,
    by_mail: ByMail = False,
) -> None:
    """Add somebody, or bring the person with this address up to date in what is given.

    The first admin of a desk is added in the same way.
    """
    said: dict[str, Any] = {
        "tiers": _tiers(tiers), "team": team, "skills": _skills(skill), "languages": language,
        "branch": branch, "shift": shift, "capacity": capacity, "time_zone": time_zone,
    }  # fmt: skip
    profile = {field: value for field, value in said.items() if value not in (None, {})}
    if role in STAFF:
        members.check_profile(email, {"name": name, "role": role.value, **profile})
    person = people.add(name, email, role, password, **profile)
    if not password and not person.subject:
        _invite(person, by_mail)
    output.done(f"{person.name} is {person.person_id}.")


@commands.command("invite")
def invite_person(person: Who, by_mail: ByMail = False) -> None:
    """Give somebody a new password for one sign-in, where they choose their own."""
    _invite(people.named(person), by_mail)


@commands.command("link")
def link_person(person: Who, issuer: str, subject: str) -> None:
    """Let somebody sign in at another identity provider, as whom it calls SUBJECT."""
    found = people.named(person)
    accounts.link(found, issuer, subject, SYSTEM, clock.now())
    output.done(f"{found.name} signs in at {issuer} from now on.")


@commands.command("reset-second-factor")
def reset_second_factor(person: Who) -> None:
    """For somebody who lost their app: the password alone is asked for, until they set up anew."""
    found = people.named(person)
    accounts.reset_second_factor(found, SYSTEM, clock.now())
    output.done(f"{found.name} signs in without a code.")


@commands.command("remove")
def remove_person(person: Who) -> None:
    """Let somebody leave: they can sign in no more, and their tickets go to others."""
    gone = members.remove(people.named(person).person_id, SYSTEM, clock.now())
    output.done(f"{gone.name} has left.")


@commands.command("set-availability")
def set_availability(
    person: Who,
    status: Availability,
    until: Annotated[str | None, typer.Option(help="As 2026-12-24T09:00:00Z.")] = None,
    substitute: Annotated[str | None, typer.Option(help="Who stands in for them.")] = None,
    note: Annotated[str, typer.Option(help="For whoever takes over.")] = "",
) -> None:
    """Say whether somebody takes new tickets now."""
    stands_in = people.named(substitute).person_id if substitute else None
    said = members.set_availability(
        SYSTEM, status, _instant(until), clock.now(),
        person_id=people.named(person).person_id, substitute=stands_in, note=note,
    )  # fmt: skip
    output.done(f"{said.name} is {said.availability}.")


@commands.command("recount")
def recount(
    person: Annotated[str | None, typer.Argument(help="Everybody, when left out.")] = None,
    as_json: Json = False,
) -> None:
    """Count anew what people carry, by the tickets they hold; the truth is stored."""
    wanted = [people.named(person)] if person else members.everybody()
    shown = track(wanted, description="Counting", console=console, transient=True)
    rows = [_recounted(one) for one in shown]
    output.rows("Loads", rows, ("id", "name", "before", "truth"), as_json)


def _invite(person: Any, by_mail: bool) -> None:
    temporary = accounts.invite(person, SYSTEM, clock.now(), by_mail=by_mail)
    if temporary:
        console.print(f"Password for the first sign-in: {temporary}", highlight=False)
    else:
        output.done(f"A password for the first sign-in is on its way to {person.email}.")


def _in_words(one: dict[str, Any]) -> dict[str, Any]:
    """A row for people to read, narrow enough for a terminal."""
    return {
        "who": f"{one['name']}, {one['role']}\n{one['email']}\n{one['id']}",
        "tiers": ", ".join(map(str, one["tiers"])) or None,
        "team, shift": "\n".join(str(one[name] or "-") for name in ("team", "shift")),
        "load": f"{one['load']} of {one['capacity']}",
        "is": one["availability"].replace("_", " "),
    }


def _recounted(person: Any) -> dict[str, Any]:
    before, truth = loads.recount(person.person_id)
    return {"id": person.person_id, "name": person.name, "before": before, "truth": truth}


def _tiers(given: str | None) -> list[int] | None:
    try:
        return [int(tier) for tier in given.split(",")] if given else None
    except ValueError as error:
        raise typer.BadParameter("Give tiers as 1,2.") from error


def _skills(given: list[str] | None) -> dict[str, int]:
    """`network=3` with its level."""
    pairs = [one.rpartition("=") for one in given or ()]
    try:
        return {name.strip(): int(level) for name, _, level in pairs}
    except ValueError as error:
        raise typer.BadParameter("Give a skill with its level, as network=3.") from error


def _instant(text: str | None) -> datetime | None:
    try:
        return plausible(from_text(text)) if text else None
    except ValueError as error:
        raise typer.BadParameter("Give an instant, as 2026-12-24T09:00:00Z.") from error
