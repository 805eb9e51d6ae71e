"""Translation only: HTTP, queue messages and ticks of the clock into calls of services."""
