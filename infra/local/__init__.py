"""Everything on one machine with one command: `python -m infra.local`."""
