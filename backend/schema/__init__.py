"""The tables, a file for each kind. Times are whole seconds since the epoch; `*_sealed` holds AES-GCM; ids are random hex."""

from backend.schema.base import metadata
from backend.schema.cases import applications, change_requests, complaints, fraud_reports, photos, upload_links
from backend.schema.conversations import challenges, drafts
from backend.schema.delivery import outbox, spoken_passwords
from backend.schema.limits import breaker_buckets, idempotency, nonces, subjects, tallies
from backend.schema.people import accounts, displaced_sessions, sessions
from backend.schema.records import audit, demo_state

__all__ = [
    "accounts",
    "applications",
    "audit",
    "breaker_buckets",
    "challenges",
    "change_requests",
    "complaints",
    "demo_state",
    "displaced_sessions",
    "drafts",
    "fraud_reports",
    "idempotency",
    "metadata",
    "nonces",
    "outbox",
    "photos",
    "sessions",
    "spoken_passwords",
    "subjects",
    "tallies",
    "upload_links",
]
