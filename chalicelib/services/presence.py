"""What a change of somebody's row means: whether they went, or could take more than before."""

from typing import Any

from chalicelib.services import staff

Image = dict[str, Any]
ABILITIES = ("tiers", "team", "skills", "languages", "branch", "shift")


def is_worth_a_look(before: Image | None, after: Image | None) -> bool:
    """By a record of the people's stream, as DynamoDB has it.

    Who is gone is looked at whenever why or until when has changed; who is there, when they could
    take something that they could not before. Who is not there any more, and yet was given
    something, was given it at that moment.
    """
    if not after or "name" not in after:
        return False
    was, now = _absence(before), _absence(after)
    if now:
        return now != was or ("desk" not in after and _room(after) < _room(before))
    changed = any((before or {}).get(name) != after.get(name) for name in ABILITIES)
    became_free = _said(after) == "available" and _said(before) != "available"
    return bool(was) or became_free or changed or _room(after) > _room(before)


def _absence(image: Image | None) -> tuple[Any, ...]:
    """Why somebody is not at work, or nothing while they are."""
    if not image or "name" not in image:
        return ("unknown",)
    said, off = _said(image), image.get("on_shift", {}).get("BOOL") is False
    if "desk" in image and not off and said not in staff.GONE:
        return ()
    return "desk" in image, off, said, image.get("away_until", {}).get("S")


def _said(image: Image | None) -> str:
    return str((image or {}).get("said", {}).get("S", "available"))


def _room(image: Image | None) -> int:
    numbers = ((image or {}).get(name, {}).get("N", 0) for name in ("capacity", "load"))
    capacity, load = (int(float(number)) for number in numbers)
    return capacity - load
