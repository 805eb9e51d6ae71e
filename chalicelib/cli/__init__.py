"""Operators' commands: the same on the local desk and on AWS, by the environment's settings."""
