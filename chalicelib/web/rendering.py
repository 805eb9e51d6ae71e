"""The Jinja environment, and the one function that turns a template and plain dicts into a page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    pass_context,
    select_autoescape,
)
from jinja2.runtime import Context
from markupsafe import Markup

from chalicelib.domain.languages import name_of
from chalicelib.web import (
    assets,
    avatars,
    briefs,
    charts,
    display,
    duty_chart,
    file_marks,
    markdown,
    narration,
    navigation,
    presence,
    sla_marks,
    sla_words,
    spelling,
    times,
    tracker,
    window_chart,
)

TEMPLATES = Path(__file__).parent / "templates"
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
# Pictures that point along the line of reading.
POINTING = frozenset({"reply", "send", "next", "previous", "out", "arrow-up", "onward"})
DEFAULTS: dict[str, Any] = {"root": "", "person": None, "csrf": None, "locale": "en", "theme": None}


@pass_context
def url(context: Context, path: str) -> str:
    """An internal address below the deployment's root, which is a stage name on API Gateway."""
    return f"{context['root']}{path}"


@pass_context
def asset(context: Context, bundle: str) -> str:
    return url(context, assets.path_of(bundle))


@pass_context
def icon(context: Context, name: str) -> Markup:
    """A picture from our sprite; it says nothing to a screen reader, the text beside it does."""
    look = "i flip" if name in POINTING else "i"
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        look, asset(context, "icons.svg"), name
    )


@pass_context
def since(context: Context, moment: str) -> float:
    return times.seconds_between(moment, context["now"])


@pass_context
def pill(context: Context, ticket: dict[str, Any]) -> dict[str, Any]:
    return sla_marks.pill(ticket, context["now"])


def direction(locale: str | None) -> str:
    language = (locale or "en").replace("_", "-").split("-")[0].lower()
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def part(form: dict[str, Any], name: str) -> dict[str, Any]:
    """One of several forms on a page: what was typed into it, and ids that stay its own."""
    own = form if form["name"] == name else {"typed": {}, "errors": {}}
    return {**own, "name": name, "prefix": f"{name}-"}


FILTERS = {
    "time": times.time_element,
    "short_time": times.short_time_element,
    "coming_time": times.coming_time_element,
    "span": times.compact_span,
    "span_words": times.spoken_span,
    "stamp": times.stamp,
    "known_as": avatars.known_as,
    "message": markdown.message,
    "initials": avatars.initials,
    "avatar_class": avatars.avatar_class,
    "plain_status": tracker.plain_status,
    "narrate": narration.narrate,
    "brief": briefs.brief,
    "load": presence.load,
    "carries": presence.carries,
    "language": name_of,
    "with_times": sla_words.with_times,
    "part": part,
    "file_size": file_marks.file_size,
    "file_state": file_marks.file_state,
    "plain": spelling.plain,
    "worded": spelling.worded,
}


@cache
def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        # Everything is escaped but the plain-text halves of mails, which are no HTML.
        autoescape=select_autoescape(
            disabled_extensions=("txt.j2",), default=True, default_for_string=True
        ),
        finalize=display.shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    made.globals.update(
        url=url,
        asset=asset,
        icon=icon,
        since=since,
        pill=pill,
        ring=charts.ring,
        bar=charts.bar,
        split=charts.split,
        day=charts.day,
        duty=duty_chart.duty,
        week_ahead=window_chart.week_ahead,
        rooms=navigation.rooms,
        presence=presence.presence,
        direction=direction,
        hour_in=times.hour_in,
        takes_files=file_marks.takes_files,
    )
    return made


def render(template: str, **context: Any) -> str:
    """The page as text; `now` is required by every page that shows a time."""
    return environment().get_template(template).render({**DEFAULTS, **context})
