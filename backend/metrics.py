"""What is counted for the operator. Labels come from closed sets: nothing a person typed can become one.

With several processes each writes to files of its own in PROMETHEUS_MULTIPROC_DIR, which `metrics_port` adds up.
"""

import re
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from sqlalchemy import Engine, event

if TYPE_CHECKING:
    from backend.core import Unit

CHANNELS = ("web", "messenger", "zalo", "hotline", "account_page")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
RESULTS = ("right", "wrong", "expired", "dead")
OTHER = "other"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PURPOSE = re.compile(r"[a-z_]{1,32}")  # purposes are named in the code; an identifier has digits or an @

registry = CollectorRegistry()
_requests = Counter("backend_requests", "Requests answered, by route template.", ("method", "route", "status"), registry=registry)
_durations = Histogram(
    "backend_request_seconds", "From request to answer.", ("method", "route"), buckets=SECONDS, registry=registry
)
_issued = Counter("backend_challenges_issued", "One-time codes sent, decoys too.", ("purpose", "channel"), registry=registry)
_answered = Counter("backend_challenges_answered", "Answers to challenges.", ("purpose", "channel", "result"), registry=registry)
_delivered = Counter("backend_deliveries", "Attempts to send a message.", ("by", "result"), registry=registry)
_hashing = Gauge("backend_hashing", "Passwords being hashed or waiting.", multiprocess_mode="livesum", registry=registry)
_pool = Gauge("backend_database_connections", "Connections in use.", multiprocess_mode="livesum", registry=registry)
_swept = Gauge("backend_last_sweep_timestamp_seconds", "The last whole sweep.", multiprocess_mode="max", registry=registry)


def issued(unit: "Unit", purpose: str, channel: str) -> None:
    """A code goes out with this unit of work; counted once it is committed."""
    unit.counted.append(_issued.labels(_purpose(purpose), _channel(channel)).inc)


def answered(unit: "Unit", purpose: str, channel: str, result: str) -> None:
    """An answer was judged in this unit of work; counted once it is committed."""
    judged = result if result in RESULTS else OTHER
    unit.counted.append(_answered.labels(_purpose(purpose), _channel(channel), judged).inc)


def delivered(by: str, result: str) -> None:
    """A message was tried: `sent`, `later` or `given_up`, by `email` or `sms`."""
    _delivered.labels(by if by in ("email", "sms") else OTHER, result).inc()


def requested(method: str, route: str, status: int, seconds: float) -> None:
    """A request was answered; `route` is the template of one of our routes, never a path that was asked for."""
    known = method if method in METHODS else OTHER
    _requests.labels(known, route, str(status)).inc()
    _durations.labels(known, route).observe(seconds)


def swept(now: int) -> None:
    """Everything past its time is gone; `now` in seconds since the epoch."""
    _swept.set(now)


def hashing() -> AbstractContextManager[object]:
    """A password is hashed, or waits for it, inside the block."""
    return _hashing.track_inprogress()


def watch_pool(engine: Engine) -> None:
    """Count the connections that are in use."""
    event.listen(engine, "checkout", lambda *_: _pool.inc())
    event.listen(engine, "checkin", lambda *_: _pool.dec())


def _purpose(name: str) -> str:
    return name if _PURPOSE.fullmatch(name) else OTHER


def _channel(name: str) -> str:
    return name if name in CHANNELS else OTHER
