"""The attainment table: how many promises were kept and broken in each month."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.config import config
from chalicelib.models.base import Record, Table, Update


class Attainment(Record):
    """One count: of a target, under a policy, in a tier, at a priority."""

    class Meta(Table):
        table_name = config.name("attainment")

    month = UnicodeAttribute(hash_key=True)
    row_id = UnicodeAttribute(range_key=True)
    met = NumberAttribute(default=0)
    breached = NumberAttribute(default=0)

    @classmethod
    def one_more(cls, month: str, row_id: str, verdict: str) -> Update:
        """Counts a verdict, `met` or `breached`, whether or not the row is there."""
        return Update(cls(month, row_id), (getattr(cls, verdict).add(1),))

    @classmethod
    def of(cls, month: str) -> "list[Attainment]":
        return list(cls.query(month))
