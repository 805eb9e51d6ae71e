"""What monitoring tools send, one file a source: `parse(body) -> list[Alert]`."""

from collections.abc import Callable

from chalicelib.adapters.monitoring import alertmanager
from chalicelib.adapters.monitoring.errors import Unreadable
from chalicelib.domain.alerts import Alert

__all__ = ["SOURCES", "Unreadable"]

SOURCES: dict[str, Callable[[bytes], list[Alert]]] = {
    "alertmanager": alertmanager.parse,
}
