"""The rows of the audit beside its chain: as the links tell, all there, and none past them.

Days are held only while links come to them. Once links are two days on, a day is judged: what of
it no link covers is kept in mind, for one may come late, and is the verdict if none does.
"""

from datetime import datetime, timedelta
from itertools import islice

from chalicelib.domain.instants import to_text
from chalicelib.models.audit import AuditLink, AuditRow

AT_ONCE = 100
SEALED_WITHIN = timedelta(minutes=15)
WALKED_WITHIN = timedelta(days=1)  # rows that are added meanwhile are of a chain not yet seen

Key = tuple[str, str]


class Broken(Exception):
    """What is wrong with a link, by its number, or with a row that it covers."""

    def __init__(self, link: int, said: str) -> None:
        super().__init__(said)
        self.link = link


class Rows:
    """Takes links in order. `covered` is how many rows they cover."""

    def __init__(self, now: datetime) -> None:
        self.covered = 0
        self._fresh = (to_text(now - SEALED_WITHIN), to_text(now + WALKED_WITHIN))
        self._told: dict[Key, tuple[int, set[str]]] = {}  # link and hashes, not compared yet
        self._of_days: dict[str, set[str]] = {}  # row ids of days that are not judged yet
        self._judged: set[str] = set()
        self._past: set[Key] = set()

    def take(self, link: AuditLink) -> None:
        """Raises Broken for a row of this or an earlier link."""
        for day, row_id, digest in link.rows:
            self._cover((day, row_id))
            self._told.setdefault((day, row_id), (int(link.number), set()))[1].add(digest)
        if len(self._told) >= AT_ONCE:
            self.compare()
        self._judge_before(min((day for day, _, _ in link.rows), default=""))

    def compare(self) -> None:
        """Look at the rows that were told of and not yet looked at. Raises Broken for the first."""
        found: dict[Key, str] = {}
        keys = iter(self._told)
        while some := list(islice(keys, AT_ONCE)):
            found |= {(one.day, one.row_id): one.digest() for one in AuditRow.batch_get(some)}
        for key, (link, digests) in self._told.items():
            if {found.get(key)} != digests:
                how = "was altered" if key in found else "is missing"
                raise Broken(link, f"Row {key[1]} {how}.")
        self._told.clear()

    def past_the_chain(self) -> str | None:
        """A row that no link covers, whatever its day; one of a moment ago is waited for."""
        for day in sorted(self._of_days):
            self._judge(day)
        elsewhere = (one for one in AuditRow.every_key() if one[0] not in self._judged)
        first = min(self._past, default=None) or next(filter(self._is_old, elsewhere), None)
        return f"Row {first[1]} is not covered by the chain." if first else None

    def _cover(self, key: Key) -> None:
        day, row_id = key
        if day in self._judged:
            self.covered += key in self._past
            self._past.discard(key)
        else:
            self.covered += row_id not in self._of_days.setdefault(day, set())
            self._of_days[day].add(row_id)

    def _judge_before(self, day: str) -> None:
        for one in sorted(known for known in self._of_days if known < day)[:-1]:
            self._judge(one)

    def _judge(self, day: str) -> None:
        covered = self._of_days.pop(day)
        self._judged.add(day)
        keys = AuditRow.keys_of_day(day)
        self._past |= {one for one in keys if one[1] not in covered and self._is_old(one)}

    def _is_old(self, key: Key) -> bool:
        """By its name, which begins with its instant; what names another time is not waited for."""
        begin, end = self._fresh
        return not begin <= key[1] <= end
