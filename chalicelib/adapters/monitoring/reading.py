"""Reading what tools send: JSON and forms of every kind, texts, instants and links.

Nothing here raises anything but Unreadable, and nothing trusts a type.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chalicelib.adapters.monitoring.source import Delivery, Unreadable
from chalicelib.domain.alerts import Link
from chalicelib.domain.instants import plausible

FIELDS_AT_MOST = 400
# What stands for a value that the tool could not fill in: {HOST.IP}, *UNKNOWN*, $ALERT_ID,
# *alertFriendlyDuration*, {{rule.name}}, %NAME%.
UNRESOLVED = re.compile(
    r"\{[A-Z][A-Z0-9_.:]*\}|\*[A-Za-z]+\*|\$\{?[A-Za-z_.]+\}?\$?|\{\{.*\}\}|%[A-Za-z_]+%", re.DOTALL
)
OLDEST_IN_MS = 100_000_000_000  # a number of seconds this large lies in the year 5138

Data = dict[str, Any]


def json_of(body: bytes) -> Any:
    """JSON with or without a byte order mark; numbers with a fraction, and NaN, become text."""
    try:
        text = body.decode("utf-8-sig", "replace")
        return json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The body is not JSON: {error}.") from error


def data_of(delivery: Delivery) -> Data:
    """An object: of JSON, of a form (in its field `data` or `payload`, or as it is), or a query."""
    kind = delivery.headers.get("content-type", "").casefold()
    if "multipart/form-data" in kind:
        return _of_fields(_multipart(delivery))
    if not delivery.body.strip():
        return _of_fields(dict(delivery.query)) if delivery.query else _no_body()
    looks_like_json = delivery.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in b"{["
    if "form-urlencoded" in kind and not looks_like_json:
        return _of_fields(_urlencoded(delivery.body))
    return object_of(json_of(delivery.body), "The body")


def object_of(value: Any, what: str) -> Data:
    """Raises Unreadable where it is no object."""
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is no object, but {_kind(value)}.")
    return value


def list_of(value: Any, what: str) -> list[Any]:
    """Raises Unreadable where it is no list."""
    if not isinstance(value, list):
        raise Unreadable(f"{what} is no list, but {_kind(value)}.")
    return value


def objects_of(value: Any, what: str) -> list[Data]:
    """The objects of a list. Raises Unreadable where it is no list of objects."""
    return [object_of(one, f"{what}/{place}") for place, one in enumerate(list_of(value, what))]


def inner(data: Any, *path: str) -> Any:
    """What lies at a path of names, or None."""
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def text(value: Any) -> str:
    """Plain words of a value; nothing for what is missing or was not filled in."""
    if value is None or (isinstance(value, bool) and value is False):
        return ""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False) if value else ""
    words = str(value).strip()
    return "" if UNRESOLVED.fullmatch(words) else words


def first(*values: Any) -> str:
    """The first of these that says something."""
    return next((words for value in values if (words := text(value))), "")


def needed(data: Any, *names: str) -> str:
    """The first of some fields that says something. Raises Unreadable where none does."""
    found = first(*(inner(data, *name.split(".")) for name in names))
    if not found:
        raise Unreadable(f"It has no {' or '.join(names)}, so nobody knows what it is about.")
    return found


def labels_of(value: Any) -> dict[str, str]:
    """An object, or a list of `name:value`, as labels; those that say nothing are left out."""
    if isinstance(value, list):
        pairs: Iterable[tuple[Any, Any]] = (str(one).partition(":")[::2] for one in value)
        return {str(k).strip(): text(v) or "yes" for k, v in pairs if str(k).strip()}
    if not isinstance(value, dict):
        return {}
    return {str(name): words for name, one in value.items() if (words := text(one))}


def lines(*parts: Any) -> str:
    """The parts that say something, one below the other."""
    return "\n".join(words for part in parts if (words := text(part)))


def facts(labels: Mapping[str, str]) -> str:
    """Labels as lines for a ticket's description."""
    return "\n".join(f"{name}: {value}" for name, value in sorted(labels.items()))


def links(**named: Any) -> tuple[Link, ...]:
    """Links to follow, of those that are web addresses: `links(Runbook=..., Graph=...)`."""
    found = ((name.replace("_", " "), text(href)) for name, href in named.items())
    return tuple(Link(name, href) for name, href in found if is_web(href))


def is_web(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def instant(value: Any) -> datetime | None:
    """An instant from RFC 3339 text or seconds or milliseconds since 1970.

    None for what is no instant of our time, such as the year 1 that stands for "not yet", and for
    text without an offset: nobody knows which zone it means.
    """
    words = text(value)
    try:
        if re.fullmatch(r"\d{9,16}(\.\d+)?", words):
            return _of_epoch(float(words))
        offset = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", words)
        return plausible(datetime.fromisoformat(offset))
    except (ValueError, OverflowError, OSError):
        return None


def _of_epoch(number: float) -> datetime:
    seconds = number / 1000 if number >= OLDEST_IN_MS else number
    return plausible(datetime.fromtimestamp(seconds, UTC))


def _of_fields(fields: Data) -> Data:
    for name in ("data", "payload"):
        if str(fields.get(name, "")).lstrip().startswith("{"):
            return object_of(json_of(str(fields[name]).encode()), f"The field {name}")
    return fields


def _urlencoded(body: bytes) -> Data:
    try:
        words = body.decode("utf-8-sig", "replace")
        return dict(parse_qsl(words, keep_blank_values=True, max_num_fields=FIELDS_AT_MOST))
    except ValueError as error:
        raise Unreadable(f"The form could not be read: {error}.") from error


def _multipart(delivery: Delivery) -> Data:
    head = f"Content-Type: {delivery.headers['content-type']}\r\n\r\n"
    try:
        message = BytesParser(policy=HTTP).parsebytes(head.encode() + delivery.body)
        parts = [part for part in message.iter_parts() if part.get_filename() is None]
        names = [part.get_param("name", header="content-disposition") for part in parts]
        contents = [part.get_payload(decode=True) for part in parts]
    except Exception as error:  # the parser of mails raises what it likes
        raise Unreadable(f"The form could not be read: {error!r}.") from error
    pairs = zip(names, contents, strict=True)
    found = {str(n): c.decode("utf-8", "replace") for n, c in pairs if n and isinstance(c, bytes)}
    return found or _no_body()


def _no_body() -> Data:
    raise Unreadable("There is nothing in it.")


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a text", int: "a number", type(None): "null", bool: "a truth"}
    return names.get(type(value), type(value).__name__)
