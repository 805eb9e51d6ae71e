"""The sweep keeps going, whatever one ticket does."""

from chalicelib.services import escalations, sweeping
from chalicelib.services.sweeping import Due
from tests.cast import after
from tests.integration.lambdas import sweep


def test_a_poison_ticket_that_cannot_even_be_moved_does_not_end_the_sweep(monkeypatch):
    asked: list[str] = []

    def breaks(ticket_id, *args):
        asked.append(ticket_id)
        raise RuntimeError("left the index meanwhile")

    due = Due(["HD-POISON0", "HD-POISON1"], lag=60.0, handed_on=0)
    monkeypatch.setattr(sweeping, "find", lambda now: due)
    monkeypatch.setattr(escalations, "advance", breaks)
    monkeypatch.setattr(escalations, "push_ahead", breaks)
    assert sweep(after(minutes=1)) == {"swept": 2, "handed_on": 0}
    assert asked == ["HD-POISON0", "HD-POISON0", "HD-POISON1", "HD-POISON1"]
