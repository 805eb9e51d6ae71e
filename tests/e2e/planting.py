"""Puts hostile text into every field of the desk that takes any, as those may who can."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlsplit

from tests.e2e.calls import API, Caller
from tests.e2e.hostile import TURNED, packed
from tests.e2e.local_desk import LocalDesk

AT_ONCE = 8
FIRST = "first-of-its-kind"
FEWER = 5  # of integrations: their page asks for the newest deliveries of each
# As the API would store each of them, but in one go: what it takes, it took of the first.
COPY = """
import json, sys
from chalicelib.models.person import Person
from chalicelib.models.setting import Setting

first, given, fewer = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])


def named(data, place):
    text = json.dumps(data).replace(json.dumps(given[0]), json.dumps(given[place]))
    return json.loads(text.replace(first, f"x{place}"))


rows = [one for one in Setting.scan() if first in one.kind + one.setting_id + json.dumps(one.data)]
with Setting.batch_write() as batch:
    for row in rows:
        for place in range(1, len(given)):
            if first in row.kind + row.setting_id:
                if row.kind.startswith("integration") and place % fewer:
                    continue
                key = (one.replace(first, f"x{place}") for one in (row.kind, row.setting_id))
                batch.save(Setting(*key, data=named(row.data, place)))
found = next(Person.by_email.query(f"{first}@staff.example"))
whole = Person.get(found.person_id)
with Person.batch_write() as batch:
    for place in range(1, len(given)):
        copy = Person(**{**whole.attribute_values, "person_id": f"P-X{place}",
                         "name": given[place], "email": f"x{place}@staff.example"})
        copy.subject = None
        batch.save(copy)
"""
NAMES, TITLES, SUBJECTS, WORDS, MESSAGES = 100, 150, 200, 60, 9_000
TARGETS = {f"P{rank}": {"resolution": 86_400} for rank in range(1, 6)}
# What a setting of each kind needs beside its name.
KINDS: dict[str, dict[str, Any]] = {
    "teams": {},
    "branches": {},
    "calendars": {"zone": "UTC", "weekly": {"mon": [["09:00", "17:00"]]}},
    "sla-policies": {"conditions": {"category": ["nothing"]}, "targets": TARGETS},
    "routing-rules": {"conditions": {"category": ["nothing"]}, "tier": 1},
    "on-call": {"tier": 3, "zone": "UTC", "starts": "2026-11-02", "people": []},
    "maintenance-windows": {"starts_at": "2020-01-01T00:00", "minutes": 5,
                            "matchers": ["site=nowhere"]},
    "alert-rules": {"matchers": ["site=nowhere"]},
    "integrations": {"source": "generic"},
}  # fmt: skip
PAGES_OF = {"maintenance-windows": "maintenance"}


def names(desk: LocalDesk, texts: list[str]) -> dict[str, list[str]]:
    """What settings of each kind and people are called, by the page that lists them."""
    given = packed(texts, NAMES)
    ada = desk.call("ada")
    someone = ada.get(f"{API}/people/me").json()["id"]
    for kind, needs in KINDS.items():
        more = {"people": [someone]} if kind == "on-call" else {}
        done(ada.post(f"{API}/{kind}", {"id": FIRST, "name": given[0], **needs, **more}))
    person = {"name": given[0], "email": f"{FIRST}@staff.example", "role": "agent", "tiers": [3]}
    done(ada.post(f"{API}/people", person))
    copied = desk.shell("-c", COPY, FIRST, json.dumps(given), str(FEWER))
    assert copied.returncode == 0, copied.stderr
    found = {f"/settings/{PAGES_OF.get(kind, kind)}": given for kind in (*KINDS, "people")}
    return {**found, "/settings/integrations": given[::FEWER]}


def tickets(desk: LocalDesk, texts: list[str], email: str) -> list[str]:
    """Subjects, requesters' names, categories, branches and tags."""
    subjects = packed(texts, SUBJECTS)
    names, words = cycle(packed(texts, NAMES)), cycle([one for one in texts if len(one) <= WORDS])
    asked = [
        {"subject": subject, "description": f"{subject} {next(names)}",
         "requester": {"email": email, "name": next(names)}, "category": next(words),
         "branch": next(words), "tags": list(islice(words, 8))}
        for subject in subjects
    ]  # fmt: skip
    ana = desk.call("ana")
    together(lambda one: ana.open_ticket(**one), asked)
    return subjects


def conversation(desk: LocalDesk, texts: list[str], email: str) -> tuple[str, list[str]]:
    """A ticket with all of it in its description, replies, notes, reasons and hand-over."""
    turning = [f"{sign}{text}" for sign, text in zip(cycle(TURNED), texts[::9], strict=False)]
    whole = packed([*texts, *turning], MESSAGES, "\n\n")
    ana, lea = desk.call("ana"), desk.call("lea")
    ticket = ana.open_ticket(
        subject=texts[0], description=whole[0], requester={"email": email, "name": texts[1]}
    )["id"]
    for text in whole:
        for caller, path in ((ana, "replies"), (ana, "notes"), (ana, "calls")):
            done(caller.post(f"{API}/tickets/{ticket}/{path}", {"body": text}))
    reason = {"reason": whole[0][:1_900], "tried": whole[-1][:1_900]}
    done(lea.post(f"{API}/tickets/{ticket}/escalation", reason))
    return ticket, whole


def alerts(desk: LocalDesk, texts: list[str]) -> list[str]:
    """Titles, texts, labels and links of what a monitoring tool tells."""
    ada = desk.call("ada")
    body = {"id": "hostile", "name": texts[0], "source": "alertmanager", "storm_size": 0}
    address = done(ada.post(f"{API}/integrations", body)).json()["address"]
    titles = packed([*texts, *(f"{TURNED[0]}{text}" for text in texts[::20])], TITLES)
    told = [alert(place, title, texts) for place, title in enumerate(titles)]
    for start in range(0, len(told), 30):
        sent = {"version": "4", "status": "firing", "groupKey": texts[2], "receiver": texts[3],
                "commonLabels": {}, "externalURL": f"https://a.example/{texts[4]}",
                "alerts": told[start : start + 30]}  # fmt: skip
        done(Caller(desk.base_url).post(urlsplit(address).path, sent))
    return titles


def alert(place: int, title: str, texts: list[str]) -> dict[str, Any]:
    some = texts[place % len(texts) :] + texts
    return {
        "status": "firing",
        "labels": {"alertname": some[0], "severity": "warning", "instance": some[1],
                   "service": some[2], "site": some[3], "place": str(place), some[4]: some[5]},
        "annotations": {"summary": title, "description": "\n".join(some[:40]),
                        "runbook_url": f"javascript:hit({place})"},
        "startsAt": "2026-11-23T09:00:00Z",
        "generatorURL": f"https://a.example/{some[6]}",
        "fingerprint": f"{place:016x}",
    }  # fmt: skip


def done(answer: Any) -> Any:
    assert answer.status < 300, f"{answer.status} {answer.text[:600]}"
    return answer


def together(work: Callable[[Any], object], given: Any) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(work, given):
            pass


def reflected(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Addresses that say something of what was asked for."""
    for path in ("/sign-in?next=", "/desk?view=", "/requests?cursor=", "/desk?cursor=",
                 "/sent/", "/requests/HD-ABCDEFG?key=", "/on-call/HD-ABCDEFG?key=",
                 "/reports?month=", "/settings/integrations/new?source=", "/desk/deliveries?",
                 "/settings/people/", "/nowhere/"):  # fmt: skip
        for text in texts:
            yield path, text
