"""The end of any task: everything is asked once more, every proof is redeemed once, and then the effect happens."""

from collections.abc import Sequence

from sqlalchemy import update

from backend import accounts, audit, counters, drafts, proofs
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.errors import BackendError, MissingFields, NotVerified, VerificationLost
from backend.proofs import Challenge, Proofs
from backend.schema import challenges
from backend.tasks import closing, completeness
from backend.tasks.steps import Step
from backend.tasks.task import Ending, Prepared, Task


def prepare(core: Core, sender: Sender, task: Task) -> Prepared | None:
    """What the task makes before the transaction, if the draft looks redeemable; the transaction decides again."""
    now = core.clock.now()
    with core.database.read() as conn:
        try:
            draft = drafts.newest(core, conn, sender, task, now)
        except BackendError:
            return None
        found = proofs.of_draft(conn, draft.id)
    if draft.state != "open" or _unproved(core, task.steps(draft.fields), found, now):
        return None
    return task.prepare(core, draft)


def submit(core: Core, unit: Unit, sender: Sender, task: Task, prepared: Prepared | None) -> Draft:
    """Redeem what was proved and have the task's effect, once.

    Raises Closed, DraftClosed, MissingFields or NotVerified; VerificationLost when an account was locked or changed since:
    the verification is over then, also for the time after. Further errors are the task's own.
    """
    closing.refuse(core, task, sender)
    draft = drafts.require_open(core, unit, sender, task)
    steps = task.steps(draft.fields)
    found = proofs.of_draft(unit.conn, draft.id)
    if _unproved(core, steps, found, unit.now):
        raise NotVerified()
    missing = completeness.missing(unit.conn, task, draft)
    if missing:
        raise MissingFields(missing=missing)
    redeemed = {step.purpose: found[step.purpose] for step in steps}
    if redeemed:
        _redeem(core, unit, steps, redeemed)
    outcome = task.finish(core, unit, Ending(sender, draft, redeemed, prepared))
    owners = {proof.account_id for proof in redeemed.values() if proof.account_id}
    for owner in owners:
        audit.record(unit, task.event, owner, draft.channel)
    return drafts.close(core, unit, draft, "done", outcome)


def _unproved(core: Core, steps: Sequence[Step], found: Proofs, now: int) -> bool:
    return any(step.purpose not in found or not found[step.purpose].is_verified(core, now) for step in steps)


def _redeem(core: Core, unit: Unit, steps: Sequence[Step], redeemed: dict[str, Challenge]) -> None:
    counters.lock(unit, [proof.key for proof in redeemed.values()])
    ids = [proof.id for proof in redeemed.values()]
    # Guarded: a verified challenge is redeemed once.
    guarded = update(challenges).where(challenges.c.id.in_(ids), challenges.c.state == "verified")
    won = unit.conn.execute(guarded.values(state="used")).rowcount
    owned = {proof.account_id: accounts.get(core, unit.conn, proof.account_id, lock=True) for proof in redeemed.values()}
    if won != len(ids):
        raise NotVerified()
    for step in steps:
        proof = redeemed[step.purpose]
        if proof.decoy or not step.still_fits(core, owned[proof.account_id], proof, unit.now):
            unit.conn.execute(update(challenges).where(challenges.c.id.in_(ids)).values(state="dead"))
            raise VerificationLost()
