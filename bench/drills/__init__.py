"""Fault drills: programs that break things on purpose and count what was lost and doubled."""
