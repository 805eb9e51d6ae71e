"""Settings of the demo desk, stored as the desk itself would store them."""

from typing import Any

from chalicelib.services import settings

Data = dict[str, Any]


def checked(wrong: list[Any]) -> None:
    """Raises ValueError when a source holds what the desk itself would refuse."""
    if wrong:
        raise ValueError(f"the seed is wrong: {wrong}")


def keep(kind: str, data: Data) -> None:
    """Store a setting, and as its first version."""
    settings.put(settings.version_kind(kind), f"{data['id']}@{data['version']}", data)
    settings.put(kind, data["id"], data)
