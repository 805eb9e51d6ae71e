"""A part of long work: where it stands, and how a page moves it on."""

from typing import Any

from chalicelib.services.work import Page

MOST_TURNS = 10

Part = dict[str, Any]


def after_page(part: Part, page: Page, settles_after: int | None) -> Part:
    """Where a part stands after a page; a turn that changed something is followed by another."""
    first = part["turn"] == 1
    changed = part["changed_in_turn"] + page.changed
    after = {
        **part,
        "before": [part["cursor"], part["turn"]],
        "cursor": page.next,
        "seen": part["seen"] + (page.seen if first else 0),
        "changed": part["changed"] + page.changed,
        "changed_in_turn": changed,
    }
    if page.next is not None:
        return after
    settled = not changed and not first
    if settles_after is None or settled or part["turn"] == MOST_TURNS:
        return {**after, "done": True}
    return {**after, "turn": part["turn"] + 1, "changed_in_turn": 0}


def new_part() -> Part:
    return {"before": None, "cursor": None, "turn": 1, "seen": 0, "changed": 0,
            "changed_in_turn": 0, "total": 0, "found": [], "done": False}  # fmt: skip


def is_next(part: Part, message: dict[str, Any]) -> bool:
    same_place = (part["cursor"], part["turn"]) == (message["cursor"], message["turn"])
    return same_place and not part["done"]


def is_last(part: Part, message: dict[str, Any]) -> bool:
    return bool(part["before"] == [message["cursor"], message["turn"]])
