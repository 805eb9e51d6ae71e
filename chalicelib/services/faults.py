"""Whether a failure passes by itself, for those who answer callers."""

from chalicelib.models.faults import is_passing

__all__ = ["is_passing"]
