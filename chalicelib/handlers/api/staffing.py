"""Teams and routing rules: who gets which tickets, and what another rule would change."""

from typing import Any

from chalice import Response

from chalicelib.domain.permissions import Access
from chalicelib.handlers.api import staffing_answers as answers
from chalicelib.handlers.api.collection import Collection, listed, serve, with_id
from chalicelib.handlers.api.endpoint import Call, endpoint
from chalicelib.handlers.api.setting_schemas import Order
from chalicelib.handlers.api.staffing_schemas import DryRun, RuleIn, TeamIn
from chalicelib.handlers.entry import json_response
from chalicelib.services import desk_settings, routing, settings

TAGS: dict[str, Any] = {"tags": ("staffing",)}
TEAMS = Collection(
    path="/teams",
    one="team",
    many="teams",
    body=TeamIn,
    answer=answers.TeamOut,
    answers=answers.TeamsOut,
    listed=settings.teams,
    found=desk_settings.team,
    put=desk_settings.put_team,
    deleted=desk_settings.delete_team,
    says=(
        "List the teams.",
        "Add a team.",
        "Read a team as it is now.",
        "Change a team; its next tickets are handed out by that.",
        "Delete a team that nobody is in and no rule names.",
    ),
    tag="staffing",
)
RULES = Collection(
    path="/routing-rules",
    one="rule",
    many="rules",
    body=RuleIn,
    answer=answers.RuleOut,
    answers=answers.RulesOut,
    listed=settings.rules,
    found=desk_settings.rule,
    put=desk_settings.put_rule,
    deleted=desk_settings.delete_rule,
    says=(
        "List the routing rules in the order in which they are asked; the first match wins.",
        "Add a rule, before the default.",
        "Read a rule as it is now.",
        "Change a rule; new tickets go by it.",
        "Delete a rule; the default stays.",
    ),
    tag="staffing",
)

for kind in (TEAMS, RULES):
    serve(kind)


@endpoint("PUT", "/routing-rule-order", Access.ADMIN, body=Order, answers=answers.RulesOut, **TAGS)
def order_rules(call: Call) -> Response:
    """Say in which order the rules are asked; the default stays last."""
    desk_settings.order_rules(call.body.ids, call.actor, call.now)
    return listed(RULES, call)


@endpoint("POST", "/routing-dry-runs", Access.LEAD, body=DryRun, answers=answers.DryRunOut, **TAGS)
def try_rule(call: Call) -> Response:
    """Say where a draft of a rule would have sent the latest tickets; nothing is changed."""
    asked: DryRun = call.body
    rules = desk_settings.rules_with(with_id(asked.rule), asked.before)
    rows = routing.dry_run(rules, asked.tickets, call.now)
    changed = sum(row["changed"] for row in rows)
    return json_response({"items": rows, "next": None, "seen": len(rows), "changed": changed})
