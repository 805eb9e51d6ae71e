"""What monitoring tools send, one file a source; a source is imported when it is first needed."""

from functools import cache
from importlib import import_module

from chalicelib.adapters.monitoring.source import (
    Delivery,
    Example,
    Refused,
    Source,
    Unreadable,
)

__all__ = ["Delivery", "Example", "Refused", "Source", "Unreadable", "all_sources", "source_of"]

MODULES = (
    "alertmanager",
    "grafana",
    "pagerduty",
    "opsgenie",
    "sns",
    "eventbridge",
    "datadog",
    "new_relic",
    "zabbix",
    "nagios",
    "icinga",
    "sentry",
    "uptime_kuma",
    "healthchecks",
    "pingdom",
    "uptimerobot",
    "statuspage",
    "azure_monitor",
    "google_cloud",
    "elastic",
    "monit",
    "cloudevents",
    "standard_webhooks",
    "generic",
)
_BY_PLAIN_NAME = {name.replace("_", ""): name for name in MODULES}


def source_of(name: str) -> Source | None:
    """A source by its id, whatever hyphens, underscores and capitals it is written with."""
    module = _BY_PLAIN_NAME.get(name.casefold().replace("-", "").replace("_", ""))
    return _source(module) if module else None


def all_sources() -> list[Source]:
    """In the order in which they are offered."""
    return [_source(name) for name in MODULES]


@cache
def _source(module: str) -> Source:
    source: Source = import_module(f"{__name__}.{module}").SOURCE
    return source
