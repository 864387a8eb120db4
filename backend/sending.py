"""Limits on what goes out, besides a challenge's own: per sender, per address, and the SMS budget of the whole system."""

from collections.abc import Iterator
from dataclasses import dataclass

from backend import breaker, counters
from backend.assertion import Sender
from backend.core import Core, Unit
from backend.counters import Counts, Key
from backend.errors import Paused
from backend.outbox import Channel
from backend.tasks.steps import Recipient

SMS_BUDGET = "sms_budget"  # the bucket row that counts every SMS, decoys too


@dataclass(frozen=True)
class SendingKeys:
    """What a send is counted under besides the account."""

    sender: Key
    address: Key

    def __iter__(self) -> Iterator[Key]:
        """Both of them."""
        return iter((self.sender, self.address))


def keys(core: Core, sender: Sender, channel: Channel, to: Recipient) -> SendingKeys:
    """The sender's key and the address's. Nobody can fill a stranger's up and so keep the owner's codes from coming:

    a decoy's address is the decoy, and what somebody typed is counted apart from what is on file.
    """
    subject = to.key.subject if to.decoy else counters.address_subject(core, to.address)
    return SendingKeys(counters.sender_key(core, sender), Key(subject, f"to_{channel}" if to.on_file else f"new_{channel}"))


def is_spared(core: Core, unit: Unit, channel: Channel, address: str) -> bool:
    """Count a message that nobody at the address has asked for; True when it must not go: enough for a day, or no budget."""
    key = Key(counters.address_subject(core, address), f"new_{channel}")
    if is_full(core, counters.lock(unit, [key])[key]) or _is_over_budget(core, unit, channel):
        return True
    counters.tally(unit, "send", key)
    count(unit, channel)
    return False


def refuse_when_spent(core: Core, unit: Unit, counts: Counts) -> None:
    """Raise DailyLimit when this sender had too many codes sent, or guessed too much."""
    counters.refuse_guesser(core, unit, counts)
    counters.refuse_over(unit, (counts.sends, core.settings.sender_sends_per_day, counters.DAY_S))


def is_full(core: Core, counts: Counts) -> bool:
    """Whether this address had its messages of the day: it gets no more, and nobody is told."""
    return len(counts.sends) >= core.settings.address_sends_per_day


def refuse_over_budget(core: Core, unit: Unit, channel: Channel) -> None:
    """Raise Paused when all SMS of the present five minutes or of the last 24 hours are used up."""
    if _is_over_budget(core, unit, channel):
        raise Paused(retry_after=breaker.BUCKET_S)


def _is_over_budget(core: Core, unit: Unit, channel: Channel) -> bool:
    if channel != "sms":
        return False
    recent, day = breaker.issued(unit, SMS_BUDGET)
    return recent >= core.settings.sms_per_five_minutes or day >= core.settings.sms_per_day


def count(unit: Unit, channel: Channel) -> None:
    """Count one SMS, sent or void; call it last, the row is everybody's."""
    if channel == "sms":
        breaker.count(unit, SMS_BUDGET, issued=1)
