"""How commands print: a table for people, JSON for programs; and how they read files."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

console = Console()
KEYS = {"id", "who", "queue", "ticket"}
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
Draft = Annotated[Path | None, typer.Option(exists=True, dir_okay=False, readable=True)]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]

Row = dict[str, Any]


def rows(title: str, found: list[Row], columns: tuple[str, ...], as_json: bool) -> None:
    """Print rows, whole as JSON or their columns as a table."""
    if as_json:
        data(found)
    else:
        table(title, found, columns)


def data(found: Any) -> None:
    console.print_json(json.dumps(found))


def table(title: str, found: list[Row], columns: tuple[str, ...]) -> None:
    shown = Table(title=title, title_justify="left")
    for column in columns:
        shown.add_column(column, no_wrap=column in KEYS, overflow="fold")
    for row in found:
        shown.add_row(*(escape(str("-" if row[name] is None else row[name])) for name in columns))
    console.print(shown)


def done(words: str) -> None:
    console.print(f"[green]✓[/] {escape(words)}", highlight=False)


def read(file: Path) -> Row:
    """The JSON object in a file. Raises BadParameter with words for people."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise typer.BadParameter(f"{file} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise typer.BadParameter(f"{file} must hold one JSON object.")
    return found
