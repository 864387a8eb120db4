"""Code search: name, birth date, identity number, province; the code goes to what is on file, the answer is always the same."""

from backend import accounts, counters, messages, outbox, owner, people_facts
from backend.core import Core, Unit
from backend.counters import Key
from backend.identifiers import id_number
from backend.outbox import Channel
from backend.statements import birth_date, full_name, place
from backend.tasks.steps import NOBODY
from backend.tasks.task import Ending, Fields, Task


class CodeSearch(Task):
    """Never shows a code and never tells whether anybody was found."""

    name = "code_search"
    event = "code_searched"
    fields = {"full_name": full_name, "dob": birth_date, "id_number": id_number, "province": place}

    def finish(self, core: Core, unit: Unit, ending: Ending) -> dict[str, object]:
        """Nothing, whoever asked. Raises DailyLimit for a sender or an identity number that had its searches of the day."""
        fields = ending.draft.fields
        by_sender = Key(counters.sender_key(core, ending.sender).subject, self.name)
        by_person = Key(counters.person_subject(core, fields["id_number"]), self.name)
        counts = counters.lock(unit, [by_sender, by_person])
        for key in (by_sender, by_person):
            counters.refuse_over(unit, (counts[key].sends, core.settings.code_searches_per_day, counters.DAY_S))
        counters.tally(unit, "send", by_sender, by_person)
        account = accounts.find_person(core, unit.conn, fields["id_number"])
        reached = owner.addresses(account.profile) if account and _is_meant(account, fields) else []
        channel, to = reached[0] if reached else _nobody()
        code = account.profile.bhxh_code if account and reached else "0" * 10
        letter = messages.insurance_code(ending.sender.lang, channel, to, code)
        reference = account.id if account and reached else core.keys.row_id()
        outbox.post(core, unit, letter, kind="code", reference=reference, not_after=None, void=not reached)
        return {}


def _nobody() -> tuple[Channel, str]:
    return "email", NOBODY["email"]


def _is_meant(account: accounts.Account, fields: Fields) -> bool:
    profile = account.profile
    return (
        people_facts.same_name(profile.full_name, fields["full_name"])
        and people_facts.same_birth(profile.dob, fields["dob"])
        and people_facts.same_province(profile.province, fields["province"])
    )
