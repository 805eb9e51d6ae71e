"""How much an open ticket weighs, and whether somebody has room for it."""

from chalicelib.domain.vocabulary import ACTIVE, Priority, Status

WEIGHTS = {Priority.P1: 3, Priority.P2: 2, Priority.P3: 1, Priority.P4: 1, Priority.P5: 1}
HEAVIEST = max(WEIGHTS.values())


def weight_of(status: Status, priority: Priority) -> int:
    """What a ticket takes of its agent's capacity; a finished one takes nothing."""
    return WEIGHTS[priority] if status in ACTIVE else 0


def has_room(load: int, capacity: int, weight: int) -> bool:
    """Whether one more ticket fits. Who has nothing takes any, or a heavy one would never fit."""
    return capacity > 0 and (load <= 0 or load + weight <= capacity)
