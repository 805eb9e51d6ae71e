"""Policies and integrations: few, read often, so kept for a moment in each process."""

import time
from typing import Any

from chalicelib.domain.policies import STANDARD, Policy
from chalicelib.models.setting import Setting

KEPT_FOR_SECONDS = 30
POLICY, INTEGRATION, TIER = "sla_policy", "integration", "tier"

_kept: dict[str, tuple[float, dict[str, dict[str, Any]]]] = {}


def policy(policy_id: str = STANDARD.id) -> Policy:
    """The policy as stored; the built-in standard one until an operator stores another."""
    data = _all(POLICY).get(policy_id)
    return Policy.from_data(data) if data else STANDARD


def integration(key_hash: str) -> dict[str, Any] | None:
    """`{name, source, secret_hash}` of the integration whose key hashes to this."""
    return _all(INTEGRATION).get(key_hash)


def tier_names() -> dict[int, str]:
    """Each tier's name for people: `{1: "Front line", ...}`."""
    return {int(number): data["name"] for number, data in _all(TIER).items()}


def put(kind: str, setting_id: str, data: dict[str, Any]) -> None:
    """Store one setting; processes see it within KEPT_FOR_SECONDS."""
    Setting(kind, setting_id, data=data).save()
    _kept.pop(kind, None)


def forget() -> None:
    """Read everything anew at the next use."""
    _kept.clear()


def _all(kind: str) -> dict[str, dict[str, Any]]:
    until, rows = _kept.get(kind, (0.0, {}))
    if time.monotonic() >= until:
        rows = {row.setting_id: row.data for row in Setting.all_of(kind)}
        _kept[kind] = (time.monotonic() + KEPT_FOR_SECONDS, rows)
    return rows
