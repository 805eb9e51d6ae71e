"""Decisions only: the standard library, no I/O, and the time as an argument."""
