"""The time, for those who start a piece of work; services get it as an argument."""

from chalicelib.adapters.clock import now

__all__ = ["now"]
