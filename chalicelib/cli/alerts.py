"""Integrations, alert rules and maintenance windows: listed, stored as versions, tried."""

from typing import Annotated, Any

import typer

from chalicelib.cli import output
from chalicelib.cli.output import File, Json
from chalicelib.config import config
from chalicelib.domain.integrations import Integration
from chalicelib.domain.people import SYSTEM
from chalicelib.services import alert_settings, alert_views, clock, deliveries, hooks, settings

integrations_app = typer.Typer(no_args_is_help=True, help="Monitoring tools that report here.")
rules_app = typer.Typer(no_args_is_help=True, help="Alert rules: where alerts belong.")
windows_app = typer.Typer(no_args_is_help=True, help="Maintenance windows.")
GROUPS = {"integrations": integrations_app, "alert-rules": rules_app, "windows": windows_app}
INTEGRATION = ("id", "name", "version", "source", "enabled", "state", "last_at")
DELIVERY = ("id", "received_at", "outcome", "detail")
RULE = ("id", "name", "version", "matchers", "service", "branch", "tier")
WINDOW = ("id", "name", "version", "starts_at", "minutes", "time_zone", "now", "next_at")
SECRETS = ("address", "secret")  # whoever knows the address can report
ONLY_TOLD = (*SECRETS, "old_key_works", "has_pasted_secret", "health", "now", "next_at")
Secret = Annotated[bool, typer.Option("--secret", help="With the address and the secret.")]
Limit = Annotated[int, typer.Option(min=1, max=500, help="How many of the latest.")]


@integrations_app.command("list")
def list_integrations(as_json: Json = False) -> None:
    """The integrations, and how each does."""
    found = [_integration(one) for one in settings.integrations()]
    rows = [{**one, **one["health"]} for one in found]
    output.rows("Integrations", found if as_json else rows, INTEGRATION, as_json)


@integrations_app.command("show")
def show_integration(integration_id: str, secret: Secret = False) -> None:
    """An integration as JSON."""
    output.data(_integration(alert_settings.integration(integration_id), secret))


@integrations_app.command("put")
def put_integration(file: File) -> None:
    """Store an integration from a JSON file, as its next version."""
    found = alert_settings.put_integration(_read(file), SYSTEM, clock.now())
    output.done(f"{found.id} is at version {found.version}.")


@integrations_app.command("renew-key")
def renew_key(integration_id: str) -> None:
    """Make a new key and secret; the ones before stay good until they are renewed again."""
    found = alert_settings.renew_key(integration_id, SYSTEM, clock.now())
    output.done(f"{found.id} has a new address and secret; `show --secret` tells them.")


@integrations_app.command("forget-old-keys")
def forget_old_keys(integration_id: str) -> None:
    """Let only the newest key and secret be good, as after a leak."""
    found = alert_settings.forget_old_keys(integration_id, SYSTEM, clock.now())
    output.done(f"Only the newest key of {found.id} is good now.")


@integrations_app.command("delete")
def delete_integration(integration_id: str) -> None:
    """Delete an integration; its address is gone at once."""
    alert_settings.delete_integration(integration_id, SYSTEM, clock.now())
    output.done(f"{integration_id} is gone.")


@integrations_app.command("test")
def send_test(integration_id: str) -> None:
    """Send an example of its tool by the usual way; it opens nothing."""
    sent = hooks.send_test(integration_id, SYSTEM, clock.now())
    output.done(f"Sent as {sent}; `integrations deliveries` tells what it would do.")


@integrations_app.command("deliveries")
def list_deliveries(integration_id: str, limit: Limit = 25, as_json: Json = False) -> None:
    """The last deliveries of an integration, newest first."""
    found = alert_settings.integration(integration_id)
    rows = deliveries.listed(found.id, SYSTEM, limit)
    output.rows("Deliveries", rows, DELIVERY, as_json)


@integrations_app.command("replay")
def replay(integration_id: str, delivery_id: str) -> None:
    """Handle a delivery again as if it came now."""
    sent = deliveries.replay(integration_id, delivery_id, SYSTEM, clock.now())
    output.done(f"Sent again as {sent}.")


@rules_app.command("list")
def list_rules(as_json: Json = False) -> None:
    """The alert rules, in the order in which they are asked."""
    found = [one.to_data() for one in settings.alert_rules()]
    output.rows("Alert rules", found, RULE, as_json)


@rules_app.command("put")
def put_rule(file: File) -> None:
    """Store an alert rule from a JSON file, as its next version."""
    rule = alert_settings.put_alert_rule(output.read(file), SYSTEM, clock.now())
    output.done(f"{rule.id} is at version {rule.version}.")


@rules_app.command("order")
def order_rules(rule_ids: list[str]) -> None:
    """Say in which order the alert rules are asked."""
    alert_settings.order_alert_rules(rule_ids, SYSTEM, clock.now())
    output.done("The order is stored.")


@rules_app.command("delete")
def delete_rule(rule_id: str) -> None:
    """Delete an alert rule."""
    alert_settings.delete_alert_rule(rule_id, SYSTEM, clock.now())
    output.done(f"{rule_id} is gone.")


@windows_app.command("list")
def list_windows(as_json: Json = False) -> None:
    """The maintenance windows, and which are open now."""
    found = [alert_views.window(one, clock.now()) for one in settings.windows()]
    output.rows("Maintenance windows", found, WINDOW, as_json)


@windows_app.command("put")
def put_window(file: File) -> None:
    """Store a maintenance window from a JSON file, as its next version."""
    window = alert_settings.put_window(_read(file), SYSTEM, clock.now())
    output.done(f"{window.id} is at version {window.version}.")


@windows_app.command("delete")
def delete_window(window_id: str) -> None:
    """Delete a maintenance window; what still fires then opens its incident."""
    alert_settings.delete_window(window_id, SYSTEM, clock.now())
    output.done(f"{window_id} is gone.")


def _read(file: File) -> dict[str, Any]:
    """A setting as it was printed, without what nobody sets."""
    return {name: one for name, one in output.read(file).items() if name not in ONLY_TOLD}


def _integration(found: Integration, secret: bool = False) -> dict[str, Any]:
    view = alert_views.integration(found, SYSTEM, clock.now(), config.public_url or "")
    return {name: view[name] for name in view if secret or name not in SECRETS}
