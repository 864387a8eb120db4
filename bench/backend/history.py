"""What people left behind: rows in every table that grows, so that a look-up has something to look past."""

import json
from collections.abc import Iterator
from itertools import batched
from typing import Any

from sqlalchemy import func, insert, select

from backend.breaker import BUCKET_S
from backend.case_numbers import case_number
from backend.core import Core
from backend.schema import (
    accounts,
    applications,
    audit,
    breaker_buckets,
    challenges,
    change_requests,
    complaints,
    drafts,
    fraud_reports,
    idempotency,
    nonces,
    outbox,
    photos,
    sessions,
    subjects,
    tallies,
)

BATCH = 2_000
DAY_S, DAYS = 86_400, 9  # over days that no sweep deletes yet; what rolling windows look at, over the last one
TABLES = (
    drafts, challenges, sessions, subjects, tallies, outbox, idempotency, nonces, audit, applications, photos, change_requests,
    complaints, fraud_reports,
)  # fmt: skip
Rows = dict[str, list[dict[str, Any]]]


def fill(core: Core, people: int) -> bool:
    """Give so many people a finished reset, a request, an application each; False when they have them already."""
    with core.database.read() as conn:
        there = int(conn.execute(select(func.count()).select_from(fraud_reports)).scalar_one())
        owners = list(conn.execute(select(accounts.c.id).order_by(accounts.c.id).limit(people)).scalars())
    now = core.clock.now()
    if there == 0:
        _count(core, now)
    for numbers in batched(range(there, people), BATCH):
        rows: Rows = {table.name: [] for table in TABLES}
        for number in numbers:
            for name, row in _left_by(core, owners[number % len(owners)], number, now):
                rows[name].append(row)
        with core.writing() as unit:
            for table in TABLES:
                unit.conn.execute(insert(table), rows[table.name])
    return there < people


def _count(core: Core, now: int) -> None:
    """What the breaker remembers of two busy days on three channels."""
    buckets = [
        {"channel": channel, "starts_at": at - at % BUCKET_S, "issued": 1_000, "wrong": 100, "wrong_real": 20}
        for channel in ("web", "messenger", "zalo")
        for at in range(now - 2 * DAY_S + BUCKET_S, now - BUCKET_S, BUCKET_S)
    ]
    with core.writing() as unit:
        unit.conn.execute(insert(breaker_buckets), buckets)


def _left_by(core: Core, owner: str, number: int, now: int) -> Iterator[tuple[str, dict[str, Any]]]:
    keys = core.keys
    recently = now - number % (DAY_S - 3_600)
    at = recently - number % DAYS * DAY_S
    draft, challenge, application, request = (keys.row_id() for _ in range(4))
    binding = keys.mac("binding", "bench", str(number))
    yield "drafts", {
        "id": draft, "task": "forgot_password", "binding": binding, "channel": "web", "state": "done", "created_at": at,
        "touched_at": at,
    }  # fmt: skip
    yield "challenges", {
        "id": challenge, "draft_id": draft, "subject": owner, "purpose": "forgot_password", "account_id": owner,
        "address_index": binding, "code_mac": binding, "decoy": False, "state": "used",
        "wrong": 1, "sends": 1, "created_at": at, "sent_at": at,
        "expires_at": at + 300, "verified_at": at,
    }  # fmt: skip
    yield "subjects", {"subject": owner, "purpose": "forgot_password", "consecutive": 0, "touched_at": at}
    for kind in ("send", "wrong"):
        yield "tallies", {"subject": owner, "purpose": "forgot_password", "kind": kind, "at": recently}
    yield "outbox", {
        "id": keys.row_id(), "channel": "email", "kind": "otp", "void": False, "reference": challenge, "state": "sent",
        "attempts": 1, "next_at": at, "created_at": at, "sent_at": at,
    }  # fmt: skip
    yield "sessions", {"account_id": owner, "token_hash": keys.token(32), "created_at": at, "seen_at": at}
    yield "nonces", {"nonce": keys.token(32), "at": now}
    yield "idempotency", {"key_hash": keys.mac("idempotency-key", str(number)), "fingerprint": binding, "created_at": recently}
    yield "audit", {"at": at, "event": "password_reset", "account_id": owner, "channel": "web"}
    body = json.dumps({"id_number": f"{number:012d}", "office": "BHXH cơ sở Bến Thành"}, ensure_ascii=False)
    yield "applications", {
        "id": application, "number": case_number("HS", core.randomness),
        "code_index": keys.mac("index-code", "bench", str(number)),
        "person_index": keys.mac("index-person", f"{number:012d}"),
        "body_sealed": keys.seal(body, table="applications", column="body", row=application),
        "state": "rejected" if number % 2 else "open", "version": 1,
        "channel": "web", "lang": "vi", "created_at": at, "expires_at": at + 10 * DAY_S,
        "decided_at": at + DAY_S if number % 2 else None,
    }  # fmt: skip
    photo = keys.row_id()
    sealed = keys.seal_bytes(b"a photo", table="photos", column="content", row=photo)
    yield "photos", {
        "id": photo, "draft_id": draft, "application_id": application, "kind": "face", "content_sealed": sealed,
        "created_at": at,
    }  # fmt: skip
    complaint = keys.row_id()
    yield "complaints", {
        "id": complaint, "number": case_number("KN", core.randomness), "state": "open", "channel": "web", "created_at": at,
        "body_sealed": keys.seal('{"text": "x"}', table="complaints", column="body", row=complaint),
    }  # fmt: skip
    yield "fraud_reports", {
        "id": keys.row_id(), "number": case_number("PA", core.randomness), "kind": "number", "value_index": binding,
        "verdict": "unknown", "channel": "web", "created_at": at,
    }  # fmt: skip
    yield "change_requests", {
        "id": request, "number": case_number("DN", core.randomness), "account_id": owner, "what": "email",
        "value_sealed": keys.seal("new@bench.invalid", table="change_requests", column="value", row=request), "state": "open",
        "version": 1, "channel": "web", "lang": "vi", "created_at": at,
    }  # fmt: skip
