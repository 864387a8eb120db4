"""The operator's own port for Prometheus: never the public one, on loopback unless the operator says otherwise."""

import os
import shutil
import tempfile
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from backend.errors import BadConfiguration
from backend.settings import Settings


def tell(settings: Settings, *collectors: Collector) -> None:
    """Answer with these collectors' metrics from a thread of its own; raises BadConfiguration when the port is taken."""
    if not settings.metrics_port:
        return
    registry = CollectorRegistry()
    for collector in collectors:
        registry.register(collector)
    host, port = settings.metrics_host, settings.metrics_port
    try:
        start_http_server(port, host, registry)
    except OSError as error:
        text = f"METRICS_HOST={host} METRICS_PORT={port} cannot be listened on ({error.strerror}): is another program using it?"
        raise BadConfiguration(text) from error


class SharedCounts:
    """The folder in which several processes count together; it is gone with the one that made it."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="backend-metrics-"))
        self.collector = MultiProcessCollector(None, path=str(self._folder))  # type: ignore[no-untyped-call]

    def environment(self) -> dict[str, str]:
        """What a process must find in its environment to count here."""
        return {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(self._folder)}

    def forget(self, process_id: int) -> None:
        """A process ended: what it had in hand counts no more, what it had counted stays."""
        mark_process_dead(process_id, path=str(self._folder))  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)
