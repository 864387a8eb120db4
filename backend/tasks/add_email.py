"""Add an email: code, a code to the phone on file, the new address, a code to it; an officer confirms."""

from backend import changes
from backend.core import Core, Unit
from backend.identifiers import email_address, insurance_code
from backend.tasks.steps import NewAddress, OnFile, Step
from backend.tasks.task import Ending, Fields, Task

PHONE = OnFile("add_email", "sms")
MAILBOX = NewAddress("add_email_new", "email", field="email", needs=("code", "email"), after=PHONE.purpose)


class AddEmail(Task):
    """Ends with a change request; until an officer confirms it the old data rules."""

    name = "add_email"
    event = "change_requested"
    fields = {"code": insurance_code, "email": email_address}

    def steps(self, _fields: Fields) -> tuple[Step, ...]:
        """The phone on file, then the new mailbox."""
        return (PHONE, MAILBOX)

    def finish(self, core: Core, unit: Unit, ending: Ending) -> dict[str, object]:
        """`{"number", "province"}`: the request's number, and where the account lives for the nearest office."""
        account_id = ending.proofs[PHONE.purpose].account_id
        return changes.request(core, unit, ending.sender, account_id, "email", ending.draft.fields["email"])
