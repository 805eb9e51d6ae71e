"""Work in the background in words: what it is for, how far it is, and what it found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.web.charts import share
from chalicelib.web.sla_marks import title_of
from chalicelib.web.spans import MINUTE, span_text
from chalicelib.web.times import counted

RECOMPUTE, WHAT_IF = "sla_recompute", "sla_what_if"
EXPORT, ERASURE = "privacy_export", "privacy_erasure"
VERDICTS = {
    "met": ("ok", "met"),
    "breached": ("bad", "missed"),
    "open": ("off", "still open"),
    "not measured": ("off", "not measured"),
}

Job = Mapping[str, Any]


def line(job: Job) -> dict[str, Any]:
    """One job for the list and for the head of its page."""
    return {
        **job,
        "title": title(job),
        "running": running(job),
        "standing": standing(job),
        "tone": "acc" if running(job) else "ok",
        "share": done(job),
        "far": far(job),
        "file": file_of(job),
    }


def file_of(job: Job) -> str | None:
    """Where what was exported can be fetched."""
    ready = job["kind"] == EXPORT and not running(job) and not job["about"].get("erased")
    return f"/settings/privacy/exports/{job['id']}" if ready else None


def running(job: Job) -> bool:
    return bool(job["state"] == "running")


def done(job: Job) -> float:
    """The share that was looked at; before its first pages nobody knows the whole."""
    if job["state"] == "finished":
        return 1.0
    return share(job["seen"], job["total"]) if job["total"] else 0.0


def title(job: Job) -> str:
    about = job["about"]
    if job["kind"] == RECOMPUTE:
        return f"Measure open tickets anew: {about.get('why') or 'by hand'}"
    if job["kind"] == WHAT_IF:
        return f"What if: {drafted(about)}, the last {counted(about['days'], 'day')}"
    if job["kind"] in (EXPORT, ERASURE):
        done = "Export all" if job["kind"] == EXPORT else "Erase all"
        return f"{done} about {about['person']}"
    return str(job["kind"]).replace("_", " ").capitalize()


def drafted(about: Mapping[str, Any]) -> str:
    named = (("policy", about.get("policy")), ("calendar", about.get("calendar")))
    return " and ".join(f"{what} “{draft['name']}”" for what, draft in named if draft)


def standing(job: Job) -> str:
    if job["state"] == "finished":
        return "finished"
    return "settling" if job["checking"] else "running"


def far(job: Job) -> str:
    """How far it is, for people; totals are known once its first pages were looked at."""
    if not job["total"] and job["state"] == "running":
        return "begins in a moment"
    whole = max(job["total"], job["seen"])
    if job["kind"] == EXPORT:
        return f"{job['seen']:,} of {counted_out(whole, 'request')} gathered"
    came = f"{job['changed']:,} changed"
    if job["kind"] == WHAT_IF:
        came = f"{counted_out(job['changed'], 'verdict')} would differ"
    return f"{job['seen']:,} of {counted_out(whole, 'ticket')}, {came}"


def told_of(job: Job) -> dict[str, Any]:
    """What is said beside a change about the work that follows from it."""
    tickets = counted_out(job["total"], "open ticket")
    if job["state"] == "finished":
        text = f"{tickets} looked at, {job['changed']:,} measured anew."
    else:
        text = f"{tickets} {'is' if job['total'] == 1 else 'are'} being measured anew."
    return {"id": job["id"], "text": text}


def flips(job: Job) -> list[dict[str, Any]]:
    """What a what-if found: each verdict that would be another one."""
    return [
        {
            **one,
            "target": title_of(one["target"]),
            "again": one["cycle"] > 1,
            "was": VERDICTS[one["was"]],
            "would_be": VERDICTS[one["would_be"]],
            "used": worked(one["used_seconds"]),
            "within": worked(one["within_seconds"]) if one["within_seconds"] else None,
        }
        for one in job["found"]
    ]


def balance(job: Job) -> dict[str, int]:
    """How many of the shown would be better off, and how many worse."""
    verdicts = [(one["was"], one["would_be"]) for one in job["found"]]
    return {
        "better": sum(was == "breached" for was, _ in verdicts),
        "worse": sum(would_be == "breached" for _, would_be in verdicts),
    }


def worked(seconds: float) -> str:
    """Working time in hours, to the minute: how long a day is depends on the calendar."""
    whole = int(seconds)
    return span_text(whole - whole % MINUTE if whole > MINUTE else whole)


def counted_out(count: int, unit: str) -> str:
    return f"{count:,} {unit}" if count == 1 else f"{count:,} {unit}s"
