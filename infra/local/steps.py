"""Says on the terminal what is being done, and when it is done."""

import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.local.settings import Settings

# Of its own: what the functions print goes to a log instead.
console = Console(file=sys.stdout, highlight=False)


@contextmanager
def step(what: str) -> Iterator["Progress"]:
    """One line while it is done, and with a tick afterwards."""
    began = time.monotonic()
    progress = Progress(what)
    with console.status(what) as progress.status:
        yield progress
    spent = time.monotonic() - began
    seconds = f" [dim]{spent:.1f} s[/]" if spent >= 0.1 else ""
    console.print(f"[green]✓[/] {progress.result}{seconds}")


class Progress:
    """A step on its way; called with what it is at now."""

    status: Any = None

    def __init__(self, what: str) -> None:
        self.result = self._what = what

    def __call__(self, part: str, done: int, total: int) -> None:
        self.status.update(f"{self._what}: {part} {done} of {total}")


def say(text: str) -> None:
    console.print(text)


def fail(text: str) -> None:
    console.print(f"[red]✗[/] {escape(text)}", soft_wrap=True)


def show_addresses(settings: Settings, demo: dict[str, Any]) -> None:
    """The short table of where to look and as whom."""
    places = Table("Address", "What", box=SIMPLE)
    for path, what in ADDRESSES.items():
        places.add_row(f"{settings.base_url}{path}", what)
    people = Table("Role", "Sign in as", "Password", box=SIMPLE)
    for person in demo.get("people", []):
        people.add_row(person["role"], person["email"], person["password"])
    console.print(places, people if people.row_count else "", sep="\n")
    demo_file = escape(str(settings.data_dir / "demo.json"))
    console.print(f"Tokens for the API and webhook addresses: {demo_file}", soft_wrap=True)
    variables = escape(shlex.quote(str(settings.data_dir / "env")))
    console.print(f"Operators' commands: . {variables}; {COMMANDS}", soft_wrap=True)
    console.print("[bold]Tierline is ready.[/] Ctrl-C ends it; everything is kept.")


COMMANDS = ".venv/bin/python -m chalicelib.cli --help"
ADDRESSES = {
    "/": "the portal, no account needed",
    "/desk": "the agents' desk",
    "/docs/api": "the API, explained",
    "/_local/mail": "mail that the desk sent",
    "/_local/queues": "the queues",
}
