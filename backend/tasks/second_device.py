"""A login while another device holds the session: a code to the phone on file, by mail where no SMS may go there."""

from backend import accounts, messages, owner
from backend.accounts import Account
from backend.assertion import ACCOUNT_PAGE
from backend.core import Core, Unit
from backend.errors import VerificationLost
from backend.tasks.steps import OnFile, Step
from backend.tasks.task import Ending, Fields, Task

WAYS = {"sms": OnFile("second_device", "sms"), "email": OnFile("second_device", "email")}
"""How the owner is reached, in order of preference."""


class SecondDevice(Task):
    """Begun by the account page itself for a password that was right; no channel can name it, and nobody types its fields.

    `code` is the account's own, `password` the mark of the password that was typed, `by` the way of the code, `begun` the
    second at which the password was typed.
    """

    name = "second_device"
    event = "device_changed"
    fields = {"code": str, "password": str, "by": str, "begun": str}
    channels = frozenset({ACCOUNT_PAGE})

    def steps(self, fields: Fields) -> tuple[Step, ...]:
        """The way that was chosen when it began."""
        return (WAYS[fields.get("by", "sms")],)

    def finish(self, core: Core, unit: Unit, ending: Ending) -> dict[str, object]:
        """Tell the owner everywhere. Raises VerificationLost when the login stands no longer; the session is the caller's."""
        account = accounts.get(core, unit.conn, ending.proofs[self.name].account_id, lock=True)
        if account is None or not stands(core, account, ending.draft.fields, unit.now):
            raise VerificationLost()
        lang = ending.sender.lang
        owner.tell(core, unit, account.id, account.profile, lambda how, to: messages.new_device(lang, how, to))
        return {}


SECOND_DEVICE = SecondDevice()


def begun(core: Core, account: Account, now: int) -> dict[str, str] | None:
    """The fields of such a login, whose password was just found right; None where the owner cannot be reached."""
    by = next((by for by, way in WAYS.items() if way.address(core, account, now) is not None), None)
    if by is None:
        return None
    mark = core.keys.mac("pending-login", account.id, account.password)
    return {"code": account.profile.bhxh_code, "password": mark, "by": by, "begun": str(now)}


def stands(core: Core, account: Account, fields: Fields, now: int) -> bool:
    """Whether it may still end in a session: open account, the very password that was typed, and not too long ago."""
    fresh = now < int(fields["begun"]) + core.settings.login_pending_life_s
    typed = core.keys.is_mac(fields["password"], "pending-login", account.id, account.password)
    return fresh and typed and account.active and not account.has_outlived(now)
