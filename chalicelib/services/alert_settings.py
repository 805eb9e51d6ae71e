"""Integrations, alert rules and maintenance windows as admins change them: stored as versions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.adapters.monitoring import all_sources, source_of
from chalicelib.domain import alert_mapping, alert_rules, integrations, maintenance
from chalicelib.domain.alert_rules import AlertRule
from chalicelib.domain.errors import FieldError
from chalicelib.domain.integrations import Integration
from chalicelib.domain.maintenance import Window
from chalicelib.domain.naming import unknown_fields
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import check_sees_desk
from chalicelib.services import changing, hook_keys, journal, settings
from chalicelib.services.audit import Act
from chalicelib.services.once import Once
from chalicelib.services.settings import ALERT_RULE, ALERT_RULE_ORDER, INTEGRATION, WINDOW

PASTED = "pasted_secret"
OURS = frozenset({"generation", "key_hashes", "pasted"})  # nobody gives these from outside
LONGEST_SECRET = 500

Data = dict[str, Any]


def integration(integration_id: str) -> Integration:
    """As it is now. Raises NotFound."""
    return changing.found(settings.integration(integration_id), "integration")


def alert_rule(rule_id: str) -> AlertRule:
    """As it is now. Raises NotFound."""
    known = {one.id: one for one in settings.alert_rules()}
    return changing.found(known.get(rule_id), "alert rule")


def window(window_id: str) -> Window:
    """As it is now. Raises NotFound."""
    known = {one.id: one for one in settings.windows()}
    return changing.found(known.get(window_id), "maintenance window")


@journal.retried
def put_integration(
    data: Data, actor: Actor, now: datetime, seen: int | None = None,
    *, new: bool = False, once: Once | None = None,
) -> Integration:  # fmt: skip
    """Store an integration's next version; a new one gets its first key.

    `pasted_secret` is what its tool made to prove itself with, None for a secret of ours; left out,
    that stays as it is. Raises Invalid field by field, Stale, Conflict.
    """
    changing.begin(actor, once)
    known = _known(data)
    given = _with_source(data, known)
    changing.refuse([*_secrets_wrong(given), *_changes_wrong(given, known)])
    return changing.put(
        Act(actor, now), INTEGRATION, partial(_keyed, known), given, seen, new, once
    )


@journal.retried
def put_mapping(
    integration_id: str, mapping: Data | None, actor: Actor, now: datetime,
    seen: int | None = None,
) -> Integration:  # fmt: skip
    """Say where in its bodies the parts of an alert are; every agent may. Raises Invalid, Stale."""
    check_sees_desk(actor)
    settings.forget()
    found = integration(integration_id)
    options = {name: value for name, value in found.options.items() if name != "mapping"}
    if mapping is not None:
        wrong = alert_mapping.check(mapping)
        changing.refuse([FieldError(f"/mapping{one.pointer}", one.detail) for one in wrong])
        options["mapping"] = mapping
    return _put_changed(Act(actor, now), replace(found, options=options), seen)


@journal.retried
def renew_key(
    integration_id: str, actor: Actor, now: datetime, *, once: Once | None = None
) -> Integration:
    """A new key and secret; those before stay good until the next renewal. Raises NotFound."""
    changing.begin(actor, once)
    return _put_changed(Act(actor, now), hook_keys.renewed(integration(integration_id)), once=once)


@journal.retried
def forget_old_keys(integration_id: str, actor: Actor, now: datetime) -> Integration:
    """Only the newest key and secret stay good. Raises NotFound."""
    changing.begin(actor)
    return _put_changed(Act(actor, now), hook_keys.only_newest(integration(integration_id)))


@journal.retried
def delete_integration(integration_id: str, actor: Actor, now: datetime) -> None:
    """Its address is gone at once; its incidents and deliveries stay. Raises NotFound."""
    changing.begin(actor)
    changing.delete(Act(actor, now), INTEGRATION, integration(integration_id).id)


@journal.retried
def put_alert_rule(
    data: Data, actor: Actor, now: datetime, seen: int | None = None,
    *, new: bool = False, once: Once | None = None,
) -> AlertRule:  # fmt: skip
    """Store an alert rule's next version. Raises Invalid field by field, Stale, Conflict."""
    changing.begin(actor, once)
    changing.refuse(alert_rules.check(data, [one["id"] for one in settings.branches()]))
    return changing.put(Act(actor, now), ALERT_RULE, AlertRule.from_data, data, seen, new, once)


@journal.retried
def delete_alert_rule(rule_id: str, actor: Actor, now: datetime) -> None:
    """Raises NotFound."""
    changing.begin(actor)
    changing.delete(Act(actor, now), ALERT_RULE, alert_rule(rule_id).id)


@journal.retried
def order_alert_rules(ids: Sequence[str], actor: Actor, now: datetime) -> None:
    """Say in which order alert rules are asked; the first match wins. Raises Invalid."""
    changing.begin(actor)
    changing.order(
        Act(actor, now), ALERT_RULE_ORDER, [one.id for one in settings.alert_rules()], ids, "rule"
    )


@journal.retried
def put_window(
    data: Data, actor: Actor, now: datetime, seen: int | None = None,
    *, new: bool = False, once: Once | None = None,
) -> Window:  # fmt: skip
    """Store a maintenance window's next version. Raises Invalid field by field, Stale, Conflict."""
    changing.begin(actor, once)
    changing.refuse(maintenance.check(data))
    return changing.put(Act(actor, now), WINDOW, Window.from_data, data, seen, new, once)


@journal.retried
def delete_window(window_id: str, actor: Actor, now: datetime) -> None:
    """What it held back and still fires opens its incident. Raises NotFound."""
    changing.begin(actor)
    changing.delete(Act(actor, now), WINDOW, window(window_id).id)


def _known(data: Data) -> Integration | None:
    name = data.get("id")
    return settings.integration(name) if isinstance(name, str) else None


def _with_source(data: Data, known: Integration | None) -> Data:
    """With the source's own id; the one that it has, where none is given."""
    name = data.get("source") or (known.source if known else None)
    source = source_of(name) if isinstance(name, str) else None
    return {**data, "source": source.id if source else name}


def _secrets_wrong(data: Data) -> Iterator[FieldError]:
    yield from unknown_fields({name: None for name in data if name in OURS}, ())
    pasted = data.get(PASTED)
    is_text = isinstance(pasted, str) and 0 < len(pasted) <= LONGEST_SECRET and pasted.isascii()
    if pasted is not None and not is_text:
        yield FieldError(f"/{PASTED}", f"Give up to {LONGEST_SECRET} characters of ASCII, or none.")


def _changes_wrong(data: Data, known: Integration | None) -> Iterator[FieldError]:
    told = {name: value for name, value in data.items() if name != PASTED}
    yield from integrations.check(told, [one.id for one in all_sources()])
    if known and data["source"] != known.source:
        yield FieldError("/source", f"This stays {known.source}; add another one for that tool.")


def _keyed(known: Integration | None, data: Data) -> Integration:
    """With the keys and the secret that it has, or its first ones."""
    made = Integration.from_data({name: data[name] for name in data if name != PASTED})
    if known:
        made = replace(made, **{name: getattr(known, name) for name in OURS})
    else:
        made = hook_keys.with_keys(made)
    return hook_keys.with_pasted(made, data[PASTED]) if PASTED in data else made


def _put_changed(
    act: Act, changed: Integration, seen: int | None = None, once: Once | None = None
) -> Integration:
    make = Integration.from_data
    return changing.put(act, INTEGRATION, make, changed.to_data(), seen, once=once)
