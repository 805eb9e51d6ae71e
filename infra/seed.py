"""A believable help desk: people, tokens, integrations, and tickets in every state."""

import json
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from chalicelib.domain.people import SYSTEM, Actor
from chalicelib.domain.vocabulary import Role
from chalicelib.models.token import ApiToken
from chalicelib.services import alert_settings, clock, hook_keys, people, settings, tokens
from infra import seed_sla, seed_staffing
from infra.seed_steps import Desk, tell

SOURCE = Path(__file__).with_name("seed.json")
TIERS = {1: "Front line", 2: "Specialists", 3: "Engineering"}
LABEL = "demo desk"
TOOLS = (
    ("alertmanager", "Prometheus"),
    ("generic", "Anything that speaks JSON"),
    ("standard-webhooks", "Standard Webhooks"),
    ("pagerduty", "Anything that speaks to PagerDuty"),
)
PROFILE = (
    "time_zone", "locale", "languages", "capacity", "team", "skills", "shift", "branch",
)  # fmt: skip
Progress = Callable[[str, int, int], None]


def seed(kind: str, data_dir: Path, base_url: str, progress: Progress) -> None:
    """Fill an empty desk and write demo.json last, as the proof that all is there.

    `kind` is `demo` or `empty` (people and integrations only). `progress` gets what is being done,
    how many are done and how many there are. Safe to run again after it was cut off.
    """
    source, now = json.loads(SOURCE.read_text("utf-8")), clock.now()
    _settings()
    _revoke()
    is_demo = kind == "demo"
    sites = seed_staffing.read() if is_demo else {"sites": [], "desk": {}}
    if is_demo:
        seed_sla.promise(now)
        seed_staffing.teams_and_rules()
    desk = [{**one, **sites["desk"].get(one["key"], {})} for one in source["people"]]
    members = list(_people(desk, progress))
    elsewhere = list(_people([{"role": "agent", **one} for one in sites["sites"]], progress))
    integrations = [_integration(source, name, base_url) for source, name in TOOLS]
    if is_demo:
        seed_staffing.rotations({one["key"]: one["id"] for one in members}, now)
        staff = {one["key"]: _actor(one) for one in members}
        _tickets(source["tickets"], Desk(staff, now), progress)
    _write(data_dir / "demo.json", {
        "base_url": base_url,
        "people": _told(members),
        "sites": _told(elsewhere),
        "integrations": integrations,
        "mailbox_url": f"{base_url}/_local/mail",
        "clock_url": f"{base_url}/_local/clock",
    })  # fmt: skip


def _settings() -> None:
    for number, name in TIERS.items():
        settings.put(settings.TIER, str(number), {"name": name})


def _revoke() -> None:
    """What an earlier run handed out makes room: it is kept as hashes, so it cannot be reused."""
    for token in list(ApiToken.scan(ApiToken.label == LABEL)):
        token.delete()


def _people(source: list[dict[str, Any]], progress: Progress) -> Iterator[dict[str, Any]]:
    for done, one in enumerate(source, start=1):
        profile = {name: one[name] for name in PROFILE if name in one}
        password = secrets.token_urlsafe(12)
        role = Role(one["role"])
        person = people.add(one["name"], one["email"], role, password, one.get("tier"), **profile)
        yield {
            "key": one["key"], "id": person.person_id, "name": one["name"], "email": one["email"],
            "role": one["role"], "tier": one.get("tier"), "password": password,
            "api_token": tokens.issue(person.person_id, LABEL, clock.now()),
        }  # fmt: skip
        progress("People", done, len(source))


def _told(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in one.items() if k not in ("key", "id")} for one in members]


def _actor(one: dict[str, Any]) -> Actor:
    return Actor(one["id"], one["name"], Role(one["role"]), one["email"])


def _integration(source: str, name: str, base_url: str) -> dict[str, str]:
    """The one that an earlier run made has the same address and secret still."""
    data = {"id": source, "name": name, "source": source}
    found = settings.integration(source)
    found = found or alert_settings.put_integration(data, SYSTEM, clock.now())
    url, secret = hook_keys.address(found, base_url), hook_keys.secret(found)
    return {"source": source, "url": url, "secret": secret}


def _tickets(source: list[dict[str, Any]], desk: Desk, progress: Progress) -> None:
    for done, story in enumerate(source, start=1):
        seed_sla.count(tell(f"seed#{done}", story, desk), desk.now)
        progress("Tickets", done, len(source))


def _write(path: Path, data: dict[str, Any]) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")
