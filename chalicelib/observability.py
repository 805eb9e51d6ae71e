"""The one logger, tracer and metrics of all functions (Powertools; metrics as EMF)."""

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(service="tierline")
tracer = Tracer(service="tierline")
metrics = Metrics(namespace="Tierline", service="tierline")

__all__ = ["count", "flush", "gauge", "logger", "measure", "tracer"]


def count(name: str, value: float = 1) -> None:
    """Add to a counter."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def gauge(name: str, value: float) -> None:
    """Note how many there are at this moment."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)


def flush() -> None:
    """Write the metrics of this invocation, if there are any."""
    if metrics.provider.metric_set:
        metrics.flush_metrics()


def measure(name: str, seconds: float) -> None:
    """Note a span of time."""
    metrics.add_metric(name=name, unit=MetricUnit.Seconds, value=seconds)
