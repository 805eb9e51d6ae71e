"""The sweep keeps going, whatever one ticket does."""

from chalicelib.domain.worklists import due_shards
from chalicelib.services import escalations
from tests.cast import MONDAY_9
from tests.integration.lambdas import sweep


def test_a_poison_ticket_that_cannot_even_be_moved_does_not_end_the_sweep(monkeypatch):
    asked: list[str] = []

    def due(now, shard, limit):
        return [("HD-POISON0", 1.0)] if shard == due_shards()[0] else []

    def breaks(*args):
        asked.append("poison")
        raise RuntimeError("left the index meanwhile")

    monkeypatch.setattr(escalations, "due", due)
    monkeypatch.setattr(escalations, "advance", breaks)
    monkeypatch.setattr(escalations, "push_ahead", breaks)
    assert sum(sweep(MONDAY_9).values()) == 1
    assert asked == ["poison", "poison"]
