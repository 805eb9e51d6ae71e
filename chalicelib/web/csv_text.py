"""Rows as CSV (RFC 4180) that a spreadsheet opens without running anything."""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FORMULA = re.compile(r"^(?=\s*[=+\-@\t\r\0])", re.MULTILINE)


@dataclass(frozen=True)
class Most:
    """How large a file may be, and what its last line says where there is more.

    Its size counts as it is sent: a function answers in JSON, which takes 6 MB at most (Lambda).
    """

    rows: int
    size: int
    said: str


def written(
    columns: Sequence[str], rows: Iterable[Mapping[str, Any]], most: Most | None = None
) -> str:
    """A heading and the rows, as many as fit; what is not a column is left out."""
    lines, size = [_line(columns)], 0
    for number, row in enumerate(rows):
        line = _line([_cell(row.get(name)) for name in columns])
        size += len(json.dumps(line))
        if most and (number == most.rows or size > most.size):
            return "".join([*lines, _line([most.said])])
        lines.append(line)
    return "".join(lines)


def _line(cells: Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Lines that would be taken for a formula are marked as text (OWASP, CSV injection)."""
    return FORMULA.sub("'", value) if isinstance(value, str) else value
