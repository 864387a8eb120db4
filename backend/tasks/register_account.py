"""Register: who, how to be reached, which office, three photos, a code to the email; then ten days to come in person."""

from backend import applications
from backend.core import Core, Unit
from backend.identifiers import email_address, id_number, insurance_code, mobile_number
from backend.photos import KINDS
from backend.statements import birth_date, full_name, place
from backend.tasks.steps import NewAddress, Step
from backend.tasks.task import Ending, Fields, Task

MAILBOX = NewAddress("register_account", "email", field="email", needs=("email",))


class RegisterAccount(Task):
    """Ends with an application that an officer decides when the person comes; the code may be unknown yet."""

    name = "register_account"
    event = "applied"
    fields = {
        "code": insurance_code,
        "full_name": full_name,
        "dob": birth_date,
        "id_number": id_number,
        "phone": mobile_number,
        "email": email_address,
        "office": place,
    }
    optional = frozenset({"code"})
    photos = KINDS

    def steps(self, _fields: Fields) -> tuple[Step, ...]:
        """The mailbox that the password will go to."""
        return (MAILBOX,)

    def finish(self, core: Core, unit: Unit, ending: Ending) -> dict[str, object]:
        """`{"number", "days", "until"}`."""
        return applications.hand_in(core, unit, ending.sender, ending.draft)
