"""Benchmarks: programs that measure on this machine and print a table, never timed tests."""
