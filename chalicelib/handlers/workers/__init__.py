"""One worker for each queue."""
