"""Writes with a key happen once: the answer is stored in the transaction of its effect and given again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Executable, bindparam, delete, select, update

from backend.assertion import Sender
from backend.core import Core, Unit
from backend.database import insert_for
from backend.errors import BadRequest, Busy, KeyReused, VerificationLost
from backend.schema import idempotency

MAX_KEY = 200  # characters

# Built once: SQLAlchemy takes longer to build a statement than SQLite to run it.
_ANSWERED = update(idempotency).where(idempotency.c.key_hash == bindparam("of")).values(answer_sealed=bindparam("sealed"))
_BEFORE = select(idempotency).where(
    idempotency.c.key_hash.in_(bindparam("keys", expanding=True)), idempotency.c.answer_sealed.is_not(None)
)


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
    key_hash, *older = core.keys.macs("idempotency-key", sender.channel, sender.sender, sender.conversation, write.key)
    with core.writing() as unit:
        # A MAC and not a hash: the body may hold a six-digit code, which a plain hash would give away.
        fingerprint = core.keys.mac("idempotency-body", *_request(write))
        row = {"key_hash": key_hash, "fingerprint": fingerprint, "created_at": unit.now}
        mine = unit.conn.execute(_first(unit.conn.dialect.name), row).scalar()
        before = _stored(core, unit, [*older, *([] if mine else [key_hash])], write)
        if before is not None:
            return before
        if mine is None:
            raise Busy(retry_after=1)  # swept away between the two statements
        try:
            answer = effect(unit)
        except VerificationLost as error:
            unit.conn.execute(delete(idempotency).where(idempotency.c.key_hash == key_hash))
            unit.refusal = error
            return {}
        sealed = core.keys.seal(json.dumps(answer), table="idempotency", column="answer", row=key_hash)
        unit.conn.execute(_ANSWERED, {"of": key_hash, "sealed": sealed})
    return answer


@cache
def _first(dialect: str) -> Executable:
    row = insert_for(dialect, idempotency).values(
        key_hash=bindparam("key_hash"), fingerprint=bindparam("fingerprint"), created_at=bindparam("created_at")
    )
    return row.on_conflict_do_nothing().returning(idempotency.c.key_hash)


def _request(write: Write) -> tuple[str, str, str]:
    return write.method, write.path, write.body


def _stored(core: Core, unit: Unit, key_hashes: list[str], write: Write) -> dict[str, object] | None:
    if not key_hashes:
        return None
    row = unit.conn.execute(_BEFORE, {"keys": key_hashes}).mappings().first()
    if row is None:
        return None
    if not core.keys.is_mac(row["fingerprint"], "idempotency-body", *_request(write)):
        raise KeyReused()
    text = core.keys.unseal(row["answer_sealed"], table="idempotency", column="answer", row=row["key_hash"])
    answer: dict[str, object] = json.loads(text)
    return answer
