"""Telling the owner of an account, on every address on file, what was done with it."""

from collections.abc import Callable

from backend import outbox
from backend.accounts import Profile
from backend.core import Core, Unit
from backend.outbox import Channel, Message


def addresses(profile: Profile) -> list[tuple[Channel, str]]:
    """Every channel on file with its address, mail first."""
    both: list[tuple[Channel, str | None]] = [("email", profile.email), ("sms", profile.phone)]
    return [(channel, address) for channel, address in both if address]


def tell(core: Core, unit: Unit, account_id: str, profile: Profile, notice: Callable[[Channel, str], Message]) -> None:
    """Post the notice to each address on file."""
    for channel, address in addresses(profile):
        post(core, unit, account_id, notice(channel, address))


def post(core: Core, unit: Unit, account_id: str, notice: Message) -> None:
    """Post one notice about the account."""
    outbox.post(core, unit, notice, kind="notice", reference=account_id, not_after=None)
