"""The outside world, one file for each thing that is talked to."""
