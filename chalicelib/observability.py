"""The one logger, tracer and metrics of all functions (Powertools; metrics as EMF)."""

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(service="tierline")
tracer = Tracer(service="tierline")
metrics = Metrics(namespace="Tierline", service="tierline")

__all__ = ["MetricUnit", "count", "logger", "measure", "metrics", "tracer"]


def count(name: str, value: float = 1) -> None:
    """Add to a counter."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def measure(name: str, seconds: float) -> None:
    """Note a span of time."""
    metrics.add_metric(name=name, unit=MetricUnit.Seconds, value=seconds)
