"""Where spans go: to a collector, by OTLP over HTTP, in the background."""

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.telemetry.tracing import Tracing

logger = logging.getLogger(__name__)


def begin(where: str) -> "Tracing | None":
    """Spans of this process go there from now on. Without the packages a line of the log says
    so, and the portal works as ever."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        from portal.telemetry.tracing import Tracing
    except ImportError:
        logger.error("TRACES_TO wants the packages of requirements-telemetry.txt")
        return None
    return Tracing(BatchSpanProcessor(OTLPSpanExporter(endpoint=where, timeout=5)))
