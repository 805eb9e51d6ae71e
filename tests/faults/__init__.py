"""Faults of alerts that are known and not mended yet: `pytest tests/faults`, not in `make test`."""
