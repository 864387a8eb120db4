"""Forgot password: code, registered email, one-time code, temporary password by mail."""

from backend import accounts, messages, outbox, owner, takeover
from backend.core import Core, Unit
from backend.drafts import Draft
from backend.errors import NotVerified
from backend.identifiers import email_address, insurance_code
from backend.passwords import temporary_password
from backend.tasks.steps import OnFile, Step
from backend.tasks.task import Ending, Fields, Prepared, Task

MAILBOX = OnFile("forgot_password", "email", ("code", "email"))


class ForgotPassword(Task):
    """Whoever knows code and registered email and reads that mailbox gets a temporary password there."""

    name = "forgot_password"
    event = "password_reset"
    fields = {"code": insurance_code, "email": email_address}

    def steps(self, _fields: Fields) -> tuple[Step, ...]:
        """The mailbox."""
        return (MAILBOX,)

    def prepare(self, core: Core, _draft: Draft) -> Prepared:
        """The new password and its hash."""
        password = temporary_password(core.randomness)
        return Prepared(password, core.hasher.hash(password))

    def finish(self, core: Core, unit: Unit, ending: Ending) -> dict[str, object]:
        """Set the password, tell the owner everywhere, mail it."""
        account = accounts.get(core, unit.conn, ending.proofs[MAILBOX.purpose].account_id)
        if account is None or account.profile.email is None or ending.prepared is None:
            raise NotVerified()
        lang, life_s = ending.sender.lang, core.settings.reset_password_life_s
        expires_at = takeover.set_temporary(core, unit, account.id, ending.prepared.encoded, life_s, ending.draft.id)
        owner.tell(core, unit, account.id, account.profile, lambda how, to: messages.password_reset(lang, how, to, "mail"))
        url = f"{core.settings.public_url}/account/login"
        letter = messages.temporary_password(lang, account.profile.email, ending.prepared.password, life_s, url)
        outbox.post(core, unit, letter, kind="password", reference=account.id, not_after=expires_at)
        return {}
