"""Steps of proof: whose address a code goes to, or what a decoy does instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from backend import accounts, counters
from backend.accounts import Account
from backend.core import Core
from backend.outbox import Channel
from backend.proofs import Challenge, Proofs

NOBODY: dict[Channel, str] = {"email": "nobody@invalid.invalid", "sms": "+84000000000"}


@dataclass(frozen=True)
class Recipient:
    """Where a code goes and what its answers are counted under. What a decoy is sent reaches nobody.

    `on_file` tells an owner's address from one that somebody typed.
    """

    key: counters.Key
    account_id: str
    address: str
    decoy: bool
    on_file: bool = True


class Step(Protocol):
    """One thing to prove: `purpose` names it in counters and MACs, `needs` are the fields it hangs on."""

    @property
    def purpose(self) -> str:
        """What the code is for."""

    @property
    def channel(self) -> Channel:
        """How the code is sent."""

    @property
    def needs(self) -> tuple[str, ...]:
        """The fields without which no code can be sent; another value of one of them drops the challenge."""

    def recipient(self, core: Core, conn: Connection, fields: Mapping[str, str], proofs: Proofs, now: int) -> Recipient:
        """Who receives the code, as of `now`."""

    def still_fits(self, core: Core, account: Account | None, proof: Challenge, now: int) -> bool:
        """Whether what was proved still holds of that account."""


@dataclass(frozen=True)
class OnFile:
    """A code to the address on file of the account with `code`, whose email must be the one in `email` where that is needed."""

    purpose: str
    channel: Channel
    needs: tuple[str, ...] = ("code",)

    def recipient(self, core: Core, conn: Connection, fields: Mapping[str, str], _proofs: Proofs, now: int) -> Recipient:
        """The owner, or a decoy for everybody who cannot be one; the same work for both.

        Both are counted under what the person claims to know, the code and where needed the email, whatever else they say
        and whether or not anything can be sent: other counts for those who get nothing would tell who gets something.
        """
        account = accounts.find(core, conn, fields["code"])
        address = self.address(core, account, now)
        known = [fields[name] for name in ("code", "email") if name in self.needs]
        claimed = fields["email"] if "email" in self.needs else address
        if account is not None and ("email" not in self.needs or account.profile.email == claimed):
            key = counters.account_key(account.id, self.purpose)
        else:
            key = counters.Key(counters.decoy_subject(core, *known), self.purpose)
        if account is None or address is None or address != claimed:
            return Recipient(key, "", claimed or NOBODY[self.channel], decoy=True)
        return Recipient(key, account.id, address, decoy=False)

    def still_fits(self, core: Core, account: Account | None, proof: Challenge, now: int) -> bool:
        """The account is open and the address on file is the one the code went to."""
        address = self.address(core, account, now)
        return address is not None and proof.address_index in accounts.address_indexes(core, address)

    def address(self, core: Core, account: Account | None, now: int) -> str | None:
        """Where a code would go as of `now`: of an open account, and never a number that was changed lately."""
        if account is None or not account.active:
            return None
        if self.channel == "email":
            return account.profile.email
        # A number that was changed lately may be a thief's (security note, row 29).
        fresh = account.phone_changed_at is not None and now < account.phone_changed_at + core.settings.phone_hold_s
        return None if fresh else account.profile.phone


@dataclass(frozen=True)
class NewAddress:
    """A code to the address in `field`, which nobody need have yet; it belongs to the account of the `after` step, if any."""

    purpose: str
    channel: Channel
    field: str
    needs: tuple[str, ...]
    after: str | None = None

    def recipient(self, core: Core, _conn: Connection, fields: Mapping[str, str], proofs: Proofs, _now: int) -> Recipient:
        """Whoever reads that address."""
        address = fields[self.field]
        if self.after is None:
            key = counters.Key(counters.address_subject(core, address), self.purpose)
            return Recipient(key, "", address, decoy=False, on_file=False)
        owner = proofs[self.after].account_id
        return Recipient(counters.account_key(owner, self.purpose), owner, address, decoy=False, on_file=False)

    def still_fits(self, _core: Core, account: Account | None, proof: Challenge, _now: int) -> bool:
        """The account, where there is one, is still open."""
        return not proof.account_id or (account is not None and account.active)
