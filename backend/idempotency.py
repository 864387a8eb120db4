"""Writes with a key happen once: the answer is stored in the transaction of its effect and given again."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from backend.assertion import Sender
from backend.core import Core, Unit
from backend.database import insert_into
from backend.errors import BadRequest, Busy, KeyReused, VerificationLost
from backend.schema import idempotency

MAX_KEY = 200  # characters


@dataclass(frozen=True)
class Write:
    """One write as its caller asked for it; `body` is the canonical JSON of the parsed request."""

    sender: Sender
    key: str
    method: str
    path: str
    body: str


def once(core: Core, write: Write, effect: Callable[[Unit], dict[str, object]]) -> dict[str, object]:
    """Run `effect` in a transaction, or give the stored answer of the same write.

    Parallel repeats wait for the first one's commit. Raises BadRequest without a key, KeyReused for another request
    under the same key. A refused write stores nothing, so that a repeat is judged anew.
    """
    if not write.key or len(write.key) > MAX_KEY:
        raise BadRequest(reason="idempotency_key")
    sender = write.sender
    key_hash = core.keys.mac("idempotency-key", sender.channel, sender.sender, sender.conversation, write.key)
    # A MAC and not a hash: the body may hold a six-digit code, which a plain hash would give away.
    fingerprint = core.keys.mac("idempotency-body", write.method, write.path, write.body)
    with core.writing() as unit:
        row = insert_into(unit.conn, idempotency).values(key_hash=key_hash, fingerprint=fingerprint, created_at=unit.now)
        mine = unit.conn.execute(row.on_conflict_do_nothing().returning(idempotency.c.key_hash)).scalar()
        if mine is None:
            return _stored(core, unit, key_hash, fingerprint)
        try:
            answer = effect(unit)
        except VerificationLost as error:
            unit.conn.execute(delete(idempotency).where(idempotency.c.key_hash == key_hash))
            unit.refusal = error
            return {}
        sealed = core.keys.seal(json.dumps(answer), table="idempotency", column="answer", row=key_hash)
        unit.conn.execute(update(idempotency).where(idempotency.c.key_hash == key_hash).values(answer_sealed=sealed))
    return answer


def _stored(core: Core, unit: Unit, key_hash: str, fingerprint: str) -> dict[str, object]:
    row = unit.conn.execute(select(idempotency).where(idempotency.c.key_hash == key_hash)).mappings().first()
    if row is None or row["answer_sealed"] is None:
        raise Busy(retry_after=1)  # swept away between the two statements
    if row["fingerprint"] != fingerprint:
        raise KeyReused()
    text = core.keys.unseal(row["answer_sealed"], table="idempotency", column="answer", row=key_hash)
    answer: dict[str, object] = json.loads(text)
    return answer
