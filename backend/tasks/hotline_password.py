"""Forgot password on the hotline: the code and the number that calls; the new password is spoken, to that call alone."""

from dataclasses import replace

from backend import accounts, audit, breaker, counters, messages, owner, spoken, takeover
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.counters import Key
from backend.drafts import Draft
from backend.errors import BadValue, Busy, Paused
from backend.identifiers import insurance_code, mobile_number
from backend.passwords import spoken_password
from backend.tasks.task import Ending, Prepared, Task

HOTLINE = "hotline"
MATCHES = "hotline_match"  # the bucket row that counts spoken resets: whoever forges numbers in masses stops here


class HotlinePassword(Task):
    """A caller's number can be forged, so this way has limits of its own per number, per code and in all."""

    name = "hotline_password"
    event = "password_reset"
    fields = {"code": insurance_code}
    channels = frozenset({HOTLINE})

    def prepare(self, core: Core, _draft: Draft) -> Prepared:
        """The new password and its hash, made for a stranger too: the answer takes as long."""
        password = spoken_password(core.randomness)
        return Prepared(password, core.hasher.hash(password))

    def finish(self, core: Core, unit: Unit, ending: Ending) -> dict[str, object]:
        """`{"result": "no_match"}`, or `{"result": "match", "handle"}` with which the call fetches the password once.

        Raises DailyLimit when this number, this code or this account had its tries, Paused when the whole path had.
        """
        if ending.prepared is None:
            raise Busy(retry_after=1)
        typed = ending.draft.fields["code"]
        account = accounts.find(core, unit.conn, typed)
        fits = account is not None and account.active and self._calls_from(core, ending.sender, account, unit.now)
        by_number = Key(counters.sender_key(core, _folded(ending.sender)).subject, self.name)
        by_code = Key(account.id if account else counters.decoy_subject(core, typed), self.name)
        counts = counters.lock(unit, [by_number, by_code])
        limits = core.settings
        for key in (by_number, by_code):
            counters.refuse_over(
                unit,
                (counts[key].wrong, limits.hotline_wrong_per_day, counters.DAY_S),
                (counts[key].sends, limits.hotline_resets_per_day, counters.DAY_S),
            )
        if breaker.issued(unit, MATCHES)[0] >= limits.hotline_resets_per_five_minutes:
            raise Paused(retry_after=breaker.BUCKET_S)
        lot = int(core.keys.mac("breaker-lot", typed, str(unit.now // breaker.RETRY_S)), 16) % 100
        breaker.refuse_when_open(unit, HOTLINE, limits, lot)
        counters.tally(unit, "send" if fits else "wrong", by_number, by_code)
        breaker.count(unit, HOTLINE, issued=1, wrong=0 if fits else 1)
        if account is None or not fits:
            return {"result": "no_match"}
        breaker.count(unit, MATCHES, issued=1)
        life_s = limits.spoken_password_life_s
        takeover.set_temporary(core, unit, account.id, ending.prepared.encoded, life_s, ending.draft.id)
        lang = ending.sender.lang
        owner.tell(core, unit, account.id, account.profile, lambda how, to: messages.password_reset(lang, how, to, "hotline"))
        audit.record(unit, self.event, account.id, HOTLINE)
        return {"result": "match", "handle": spoken.keep(core, unit, account.id, ending.draft.binding, ending.prepared.password)}

    def _calls_from(self, core: Core, sender: Sender, account: accounts.Account, now: int) -> bool:
        fresh = account.phone_changed_at is not None and now < account.phone_changed_at + core.settings.phone_hold_s
        return account.profile.phone == _folded(sender).sender and not fresh


def _folded(sender: Sender) -> Sender:
    """The caller with the number in one spelling: another one must open no second count."""
    try:
        return replace(sender, sender=mobile_number(sender.sender))
    except BadValue:
        return sender
