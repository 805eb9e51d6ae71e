"""How often something may be done, and where somebody stands in it."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil


@dataclass(frozen=True)
class Rate:
    """A bucket of `burst` tokens that fills again, token by token, within `per`."""

    name: str
    burst: int
    per: timedelta

    @property
    def every_ms(self) -> int:
        """A token comes so often."""
        return max(1, int(self.per.total_seconds() * 1000) // self.burst)

    @property
    def fills_in_ms(self) -> int:
        return self.every_ms * self.burst

    def standing(self, full_at_ms: int, now_ms: int) -> "Standing":
        """Where a bucket stands that will be full at that instant."""
        taken = ceil(max(0, full_at_ms - now_ms) / self.every_ms)
        wait_ms = full_at_ms - now_ms - self.fills_in_ms + self.every_ms
        return Standing(self, max(0, self.burst - taken), max(0, ceil(wait_ms / 1000)))

    def emptied(self, tokens: int = 1) -> "Standing":
        """Of who was refused: so many tokens come within as many intervals."""
        return Standing(self, 0, max(1, ceil(self.every_ms * tokens / 1000)))


@dataclass(frozen=True)
class Standing:
    """Tokens left, and in how many seconds there is one again."""

    rate: Rate
    left: int
    wait: int
