"""What became of an application: its number and the identity number in it."""

from backend import applications, counters
from backend.case_numbers import folded
from backend.clock import iso
from backend.core import Core, Unit
from backend.counters import Key
from backend.identifiers import id_number
from backend.statements import place
from backend.tasks.task import Ending, Task


class ApplicationStatus(Task):
    """A number and a person that do not belong together are answered like ones that do not exist."""

    name = "application_status"
    event = "status_asked"
    fields = {"number": place, "id_number": id_number}

    def finish(self, core: Core, unit: Unit, ending: Ending) -> dict[str, object]:
        """`{"status": "waiting|approved|rejected|unknown", "until"?, "office"?, "reason"?}`.

        An application past its day is deleted, hence unknown. Raises DailyLimit for a sender who asked too often.
        """
        key = Key(counters.sender_key(core, ending.sender).subject, self.name)
        counts = counters.lock(unit, [key])[key]
        counters.refuse_over(unit, (counts.sends, core.settings.status_checks_per_day, counters.DAY_S))
        counters.tally(unit, "send", key)
        fields = ending.draft.fields
        found = applications.find(core, unit.conn, folded(fields["number"]))
        if found is None or found.person_index not in applications.person_indexes(core, fields["id_number"]):
            return {"status": "unknown"}
        if found.state in ("open", "held"):
            return {"status": "waiting", "until": iso(found.expires_at)[:10], "office": found.body["office"]}
        return {"status": found.state, "reason": found.reason}
