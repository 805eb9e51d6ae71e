"""The generated pages say what the code says, and a page that does not is noticed."""

import re
from pathlib import Path

from infra import docs

ROOT = Path(__file__).parents[2]


def test_the_committed_pages_are_fresh() -> None:
    assert docs.stale() == []


def test_a_missing_and_a_changed_page_are_stale(tmp_path: Path) -> None:
    assert docs.stale(tmp_path) == list(docs.PAGES)
    docs.write(tmp_path)
    assert docs.stale(tmp_path) == []
    (tmp_path / "routes.md").write_text("by hand", "utf-8")
    assert docs.stale(tmp_path) == ["routes.md"]


def test_the_diagram_shows_each_step_and_each_end_once() -> None:
    page = list(docs.lifecycle())
    assert page.count("    resolved --> open") == 1
    assert page.count("    closed --> [*]") == 1
    assert not any("--> new" in line for line in page if "[*]" not in line)


def test_each_worked_queue_names_its_reader_and_its_tries() -> None:
    row = next(line for line in docs.tables() if line.startswith("| `tier1` |"))
    assert "5 tries" in row
    assert "`work_tier1`" in row


def test_every_test_that_a_promise_names_is_there() -> None:
    known = {one.stem for one in (ROOT / "tests").rglob("test_*.py")}
    named = set(re.findall(r"`(test_\w+)", (ROOT / "docs/security.md").read_text()))
    missing = {one for one in named if not any(name.startswith(one) for name in known)}
    assert named and missing == set()
