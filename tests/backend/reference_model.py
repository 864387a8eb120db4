"""What the design promises about drafts, codes and limits, said a second time in plain Python; written from its section 7.

Times are seconds. Every prediction is the set of answers that are right at that moment: where several refusals hold at
once, the design does not say which comes first.
"""

from dataclasses import dataclass, field

DAY, HOUR = 86_400, 3_600
IDLE, CODE_LIFE, PROVED_LIFE, WAIT, PHONE_HOLD = 1_800, 300, 600, 60, 259_200
Key = tuple[object, ...]


@dataclass
class Limits:
    """The counts of section 7; the machine's tight variant has smaller ones, so that short runs reach them."""

    tries: int = 3
    tries_a_day: int = 10
    tries_in_a_row: int = 30
    resends: int = 2
    sends_a_day: int = 5
    sender_wrong_an_hour: int = 10
    sender_wrong_a_day: int = 20
    sender_sends_a_day: int = 10


@dataclass
class Owner:
    """An account as the model knows it."""

    email: str
    phone: str
    active: bool = True
    phone_since: int = -PHONE_HOLD

    def reached(self, channel: str, now: int) -> str | None:
        """The address on file that may receive codes."""
        if not self.active:
            return None
        return self.email if channel == "email" else self.phone if now >= self.phone_since + PHONE_HOLD else None


@dataclass
class Challenge:
    """What was asked to be proved: whose it is counted as, where its codes go (None: to nobody)."""

    key: Key
    owner: str | None
    address: str | None
    real: bool
    sent_at: int
    sends: int = 1
    wrong: int = 0
    state: str = "sent"
    proved_at: int = 0

    def proved(self, now: int) -> bool:
        """Answered right, not too long ago."""
        return self.state == "proved" and now < self.proved_at + PROVED_LIFE


@dataclass
class Draft:
    """One task in one conversation."""

    touched: int
    fields: dict[str, str] = field(default_factory=dict)
    challenges: dict[str, Challenge] = field(default_factory=dict)
    photos: bool = False
    state: str = "open"


Step = tuple[str, str, tuple[str, ...], str | None]
"""Purpose, channel, what it hangs on, and the field with the new address (None: an address on file)."""

FIELDS = {
    "forgot_password": ("code", "email"),
    "add_email": ("code", "email"),
    "change_info": ("code", "what", "proof"),
    "register_account": ("full_name", "dob", "id_number", "phone", "email", "office"),
    "code_search": ("full_name", "dob", "id_number", "province"),
    "complaint": ("text",),
    "application_status": ("number", "id_number"),
    "hotline_password": ("code",),
}


def steps(task: str, fields: dict[str, str]) -> list[Step]:
    """What has to be proved, in order."""
    if task == "forgot_password":
        return [(task, "email", ("code", "email"), None)]
    if task == "add_email":
        return [(task, "sms", ("code",), None), ("add_email_new", "email", ("code", "email"), "email")]
    if task == "register_account":
        return [(task, "email", ("email",), "email")]
    if task == "change_info":
        found: list[Step] = [(task, "sms" if fields.get("proof") == "phone" else "email", ("code", "what", "proof"), None)]
        what = fields.get("what", "")
        if what in ("email", "phone"):
            channel = "email" if what == "email" else "sms"
            found.append(("change_info_new", channel, ("code", "what", what), what))
        return found
    return []


class Model:
    """Accounts, drafts and counters, and what each call must answer."""

    def __init__(self, limits: Limits, owners: dict[str, Owner]) -> None:
        self.limits, self.owners = limits, owners
        self.drafts: dict[tuple[object, str], Draft] = {}
        self.sends: dict[Key, list[int]] = {}
        self.wrong: dict[Key, list[int]] = {}
        self.row: dict[Key, int] = {}
        self.requests: dict[str, tuple[str, str, str]] = {}
        self.keyed = 0
        """Raised by a change of the master key: what is counted under a keyed name begins anew."""

    def draft(self, talk: object, task: str, now: int) -> Draft | str:
        """The open draft, or the refusal."""
        found = self.drafts.get((talk, task))
        if found is None:
            return "no_draft"
        if found.state == "open" and now >= found.touched + IDLE:
            found.state = "expired"
        return found if found.state == "open" else "draft_closed"

    def open(self, talk: object, task: str, now: int) -> None:
        """Open or resume."""
        found = self.draft(talk, task, now)
        if isinstance(found, str):
            self.drafts[talk, task] = Draft(now)
        else:
            found.touched = now

    def put(self, draft: Draft, task: str, name: str, value: str) -> None:
        """Another value than before ends what hangs on it."""
        before = dict(draft.fields)
        draft.fields[name] = value
        if before.get(name) != value:
            for purpose, _, needs, _ in [*steps(task, before), *steps(task, draft.fields)]:
                if name in needs:
                    draft.challenges.pop(purpose, None)

    def recent(self, log: dict[Key, list[int]], key: Key, now: int, window: int = DAY) -> int:
        """How many events stand under the key in the window."""
        return sum(at > now - window for at in log.get(key, []))

    def current(self, draft: Draft, task: str, now: int) -> Step | None:
        """The step to be proved next, the last one when all are."""
        todo = steps(task, draft.fields)
        for step in todo:
            if step[0] not in draft.challenges or not draft.challenges[step[0]].proved(now):
                return step
        return todo[-1] if todo else None

    def recipient(self, draft: Draft, step: Step, now: int) -> tuple[Key, str | None, str | None]:
        """What the code is counted under, whose account it is about, and the address it reaches."""
        purpose, channel, _, new = step
        if new is not None:
            first = {"add_email_new": "add_email", "change_info_new": "change_info"}.get(purpose)
            if first is None:
                return ("address", self.keyed, draft.fields[new], purpose), None, draft.fields[new]
            owner = draft.challenges[first].owner
            return (owner, purpose), owner, draft.fields[new]
        code, email = draft.fields["code"], draft.fields["email"] if purpose == "forgot_password" else None
        owned = self.owners.get(code)
        if owned is None or email not in (None, owned.email):
            return ("decoy", self.keyed, code, email, purpose), None, None
        return (code, purpose), code, owned.reached(channel, now)

    def sender_spent(self, sender: str, now: int) -> bool:
        """Whether the sender guessed too much."""
        key, limits = ("sender", self.keyed, sender), self.limits
        hour = self.recent(self.wrong, key, now, HOUR) >= limits.sender_wrong_an_hour
        return hour or self.recent(self.wrong, key, now) >= limits.sender_wrong_a_day

    def send(self, talk: object, sender: str, task: str, now: int) -> set[str]:
        """What asking for a code may answer; `sent` and `proved` are accepted."""
        draft, limits = self.draft(talk, task, now), self.limits
        if isinstance(draft, str):
            return {draft}
        step = self.current(draft, task, now)
        if step is None or any(name not in draft.fields for name in step[2]):
            return {"missing_fields"}
        before = draft.challenges.get(step[0])
        if before is not None and before.proved(now):
            draft.touched = now
            return {"proved"}
        key, owner, address = self.recipient(draft, step, now)
        again = before if before is not None and before.state == "sent" else None
        if again is not None:
            if again.key != key or not again.real:
                address = None
            key = again.key
        from_sender = ("sender", self.keyed, sender)
        refusals = set()
        if again is not None and again.sends > limits.resends:
            refusals.add("send_limit")
        if before is not None and before.key == key and now < before.sent_at + WAIT:
            refusals.add("too_soon")
        if (
            self.row.get(key, 0) >= limits.tries_in_a_row
            or self.recent(self.wrong, key, now) >= limits.tries_a_day
            or self.recent(self.sends, key, now) >= limits.sends_a_day
            or self.recent(self.sends, from_sender, now) >= limits.sender_sends_a_day
            or self.sender_spent(sender, now)
        ):
            refusals.add("daily_limit")
        if refusals:
            return refusals
        draft.touched = now
        for counted in (key, from_sender):
            self.sends.setdefault(counted, []).append(now)
        if again is not None:
            again.sent_at, again.sends = now, again.sends + 1
        else:
            draft.challenges[step[0]] = Challenge(key, owner if address else None, address, address is not None, now)
        return {"sent"}

    def answer(self, talk: object, sender: str, task: str, is_newest: bool, now: int) -> set[str]:
        """What an answer may be worth; `is_newest`: it is the newest code of this challenge and reached its reader."""
        draft, limits = self.draft(talk, task, now), self.limits
        if isinstance(draft, str):
            return {draft}
        step = self.current(draft, task, now)
        asked = draft.challenges.get(step[0]) if step else None
        if step is None or asked is None:
            draft.touched = now
            return {"dead"}
        if self.sender_spent(sender, now):
            return {"daily_limit"}
        draft.touched = now
        if asked.state != "sent":
            return {"dead"}
        closed = self.row.get(asked.key, 0) >= limits.tries_in_a_row
        closed = closed or self.recent(self.wrong, asked.key, now) >= limits.tries_a_day
        if not closed and now < asked.sent_at + CODE_LIFE and is_newest and self.fits(asked, step, now):
            asked.state, asked.proved_at = "proved", now
            self.row[asked.key] = 0
            return {"right"}
        for counted in (asked.key, ("sender", self.keyed, sender)):
            self.wrong.setdefault(counted, []).append(now)
        self.row[asked.key] = self.row.get(asked.key, 0) + 1
        asked.wrong += 1
        if closed or asked.wrong >= limits.tries or self.recent(self.wrong, asked.key, now) >= limits.tries_a_day:
            asked.state = "dead"
        return {"dead"} if closed else {"expired"} if now >= asked.sent_at + CODE_LIFE else {"wrong"}

    def fits(self, challenge: Challenge, step: Step, now: int) -> bool:
        """Whether what the code proves still holds."""
        if not challenge.real:
            return False
        owner = self.owners.get(challenge.owner) if challenge.owner else None
        if step[3] is not None:
            return challenge.owner is None or (owner is not None and owner.active)
        return owner is not None and owner.reached(step[1], now) == challenge.address

    def submit(self, talk: object, sender: str, task: str, now: int) -> set[str]:
        """What the end of a task may answer; `done` is accepted."""
        draft = self.draft(talk, task, now)
        if isinstance(draft, str):
            return {draft}
        todo = steps(task, draft.fields)
        needed = [*FIELDS[task], *([draft.fields["what"]] if task == "change_info" and "what" in draft.fields else [])]
        refusals = set()
        if any(step[0] not in draft.challenges or not draft.challenges[step[0]].proved(now) for step in todo):
            refusals.add("not_verified")
        if any(name not in draft.fields for name in needed):
            refusals.add("missing_fields")
        if refusals:
            return refusals
        proofs = [(draft.challenges[step[0]], step) for step in todo]
        if not all(self.fits(proof, step, now) for proof, step in proofs):
            for proof, _ in proofs:
                proof.state = "dead"
            draft.touched = now
            return {"not_verified"}
        if task == "register_account" and not draft.photos:
            return {"missing_fields"}
        asked = {"code_search": 3, "complaint": 5, "application_status": 10}.get(task)
        if asked is not None:
            keys: list[Key] = [("sender", self.keyed, sender, task)]
            if task == "code_search":
                keys.append(("person", self.keyed, draft.fields["id_number"]))
            if any(self.recent(self.sends, key, now) >= asked for key in keys):
                return {"daily_limit"}
            for key in keys:
                self.sends.setdefault(key, []).append(now)
        draft.state, draft.touched = "done", now
        return {"done"}

    def end_other_work(self, owner: str, but: Draft | None) -> None:
        """A new password ends every other proof about the account, and its open requests."""
        for draft in self.drafts.values():
            for challenge in draft.challenges.values():
                if challenge.owner == owner and draft is not but:
                    challenge.real = False
        self.requests = {number: kept for number, kept in self.requests.items() if kept[0] != owner}
