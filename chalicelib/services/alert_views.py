"""Integrations, windows and sources as callers see them: secrets for those who configure."""

from datetime import datetime
from typing import Any

from chalicelib.adapters.monitoring import all_sources
from chalicelib.domain.instants import text_or_none
from chalicelib.domain.integrations import Integration
from chalicelib.domain.maintenance import Window, next_span, span_at
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import can_configure
from chalicelib.services import deliveries, hook_keys
from chalicelib.services.alert_settings import OURS

View = dict[str, Any]


def sources() -> list[View]:
    """What can report to the desk; `set_up` has places for an integration's {url} and {secret}."""
    return [
        {"id": one.id, "title": one.title, "proof": one.proof, "set_up": list(one.set_up)}
        for one in all_sources()
    ]


def window(found: Window, now: datetime) -> View:
    """A maintenance window, with whether it is open and when it opens next."""
    is_open, then = span_at(found, now), next_span(found, now)
    next_at = text_or_none(then[0] if then else None)
    return {**found.to_data(), "now": is_open is not None, "next_at": next_at}


def integration(found: Integration, actor: Actor, now: datetime, base_url: str) -> View:
    """An integration with its health; a secret that its tool made is never shown again."""
    told = {name: value for name, value in found.to_data().items() if name not in OURS}
    may_see = can_configure(actor)
    return {
        **told,
        "old_key_works": len(found.key_hashes) > 1,
        "has_pasted_secret": found.pasted is not None,
        "address": hook_keys.address(found, base_url) if may_see else None,
        "secret": hook_keys.secret(found) if may_see and not found.pasted else None,
        "health": deliveries.health(found, now),
    }
