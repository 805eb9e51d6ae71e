"""Each kind of timeline entry as one quiet line: an icon and a sentence after the actor's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.web import alert_lines, staffing_lines
from chalicelib.web.sla_marks import title_of
from chalicelib.web.staffing_lines import Data, Line, tier_of


def escalated(data: Data) -> str:
    if data.get("told"):
        return told(data)
    if data.get("step"):
        return f"escalated it to {tier_of(data)}: {cause(data)}"
    said = (data.get("reason"), f"Tried: {data['tried']}" if data.get("tried") else None)
    return " — ".join([f"escalated it to {tier_of(data)}", *(part for part in said if part)])


def told(data: Data) -> str:
    whom = {"lead": "the lead", "manager": "the managers"}[data["told"]]
    return f"told {whom}: {data.get('reason') or cause(data)}"


def cause(data: Data) -> str:
    """Why the clock did something by itself."""
    step = str(data.get("step", ""))
    if step.startswith("unanswered"):
        return "nobody has answered"
    if step.startswith("unassigned"):
        return "nobody has it"
    return f"“{target_title(data)}” is late"


def de_escalated(data: Data) -> str:
    reason = data.get("reason")
    return f"gave it back to {tier_of(data)}" + (f": {reason}" if reason else "")


def warned(data: Data) -> str:
    percent = str(data.get("step", "")).removeprefix("warned-")
    spent = f"{percent} % of the time" if percent.isdigit() else "much of the time"
    return f"warned: {spent} for “{target_title(data)}” is used"


def breached(data: Data) -> str:
    return f"noted that the time for “{target_title(data)}” ran out"


def target_title(data: Data) -> str:
    return title_of(str(data.get("target") or "answer"))


HOLD_REASONS = {
    "requester": "waiting for the requester",
    "third_party": "waiting for somebody outside",
    "until": "until a date",
}


def held(data: Data) -> str:
    reason = str(data.get("reason", ""))
    return f"put it on hold: {HOLD_REASONS.get(reason, reason or 'no reason given')}"


def resolved(data: Data) -> str:
    summary = data.get("summary")
    return f"solved it: {summary}" if summary else "solved it"


def changed(data: Data) -> str:
    after, before = data.get("after") or {}, data.get("before") or {}
    parts = [f"{name.replace('_', ' ')} from {before.get(name)} to {after[name]}" for name in after]
    return "changed " + (", ".join(parts) or "the request")


def sla_changed(data: Data) -> str:
    before, after = data.get("before") or {}, data.get("after") or {}
    named = [f"{what} {after.get(what)}" for what in ("policy", "calendar")
             if before.get(what) != after.get(what)]  # fmt: skip
    why = f" ({data['why']} was changed)" if data.get("why") else ""
    return f"is measured by {' and '.join(named) or 'new rules'} from now on{why}"


def due_date_set(data: Data) -> str:
    title = target_title(data)
    if not data.get("due_at"):
        return f"went back to the deadline of the policy for “{title}”"
    return f"set the due date for “{title}” by hand: {data.get('reason')}"


def followed_up(data: Data) -> str:
    return f"went on with it in {data.get('ticket')}"


def opened(data: Data) -> str:
    goes_on = f", which goes on with {data['follows']}" if data.get("follows") else ""
    by_rule = f", which the rule “{data['rule']['name']}” routed" if data.get("rule") else ""
    return f"opened the request{goes_on}{by_rule}"


LINES: dict[str, Line] = {
    **staffing_lines.LINES,
    **alert_lines.LINES,
    "opened": ("mail", opened),
    "escalated": ("arrow-up", escalated),
    "de_escalated": ("down", de_escalated),
    "sla_warned": ("timer", warned),
    "sla_breached": ("flame", breached),
    "sla_changed": ("timer", sla_changed),
    "due_date_set": ("timer", due_date_set),
    "changed": ("pencil", changed),
    "held": ("pause", held),
    "resumed": ("play", lambda data: "took it off hold"),
    "resolved": ("check", resolved),
    "reopened": ("reply", lambda data: "opened it again"),
    "closed": ("lock", lambda data: "closed it"),
    "cancelled": ("cross", lambda data: "cancelled it"),
    "followed_up": ("next", followed_up),
    "erased": ("lock", lambda data: "erased who asked, and all that was written"),
}


def narrate(entry: Mapping[str, Any]) -> dict[str, str]:
    """The icon and the sentence of an entry; a kind not known here is named by its own word.

    Instants stand in the sentence marked, for `with_times` or `in_zone`.
    """
    kind = entry["kind"]
    icon, sentence = LINES.get(kind, ("dot", lambda data: kind.replace("_", " ")))
    return {"icon": icon, "text": sentence({**(entry.get("data") or {}), "by": entry["by"]})}
