"""Change the phone, the personal number or the email on file: prove an address on file, prove a new one, an officer confirms."""

from collections.abc import Callable, Mapping
from typing import cast

from backend import changes
from backend.core import Core, Unit
from backend.identifiers import email_address, insurance_code, mobile_number, personal_number
from backend.messages.cases import What
from backend.statements import choice
from backend.tasks.steps import NewAddress, OnFile, Step
from backend.tasks.task import Ending, Fields, Task

VALUES: Mapping[str, Callable[[str, str], str]] = {
    "phone": mobile_number,
    "email": email_address,
    "personal_id": personal_number,
}
PROOFS = {
    "email": OnFile("change_info", "email", ("code", "what", "proof")),
    "phone": OnFile("change_info", "sms", ("code", "what", "proof")),
}
NEW = {
    "phone": NewAddress("change_info_new", "sms", field="phone", needs=("code", "what", "phone"), after="change_info"),
    "email": NewAddress("change_info_new", "email", field="email", needs=("code", "what", "email"), after="change_info"),
}


class ChangeInfo(Task):
    """The person says what is to change and which address on file they can still read; nothing reveals which ones there are."""

    name = "change_info"
    event = "change_requested"
    fields = {
        "code": insurance_code,
        "what": lambda typed: choice(typed, "what", tuple(VALUES)),
        "proof": lambda typed: choice(typed, "proof", tuple(PROOFS)),
        "phone": mobile_number,
        "email": email_address,
        "personal_id": personal_number,
    }
    optional = frozenset(VALUES)

    def steps(self, fields: Fields) -> tuple[Step, ...]:
        """The address on file, and the new one where it is an address."""
        new = NEW.get(fields.get("what", ""))
        return (PROOFS[fields.get("proof", "email")], *((new,) if new else ()))

    def missing(self, fields: Fields) -> list[str]:
        """The new value too."""
        what = fields.get("what")
        return super().missing(fields) + ([what] if what and what not in fields else [])

    def finish(self, core: Core, unit: Unit, ending: Ending) -> dict[str, object]:
        """`{"number", "province"}`."""
        fields = ending.draft.fields
        what = cast(What, fields["what"])  # folded to one of them
        return changes.request(core, unit, ending.sender, ending.proofs["change_info"].account_id, what, fields[what])
