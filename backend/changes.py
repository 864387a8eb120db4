"""Change requests: what people ask to have changed, until an officer decides."""

from sqlalchemy import insert, update

from backend import accounts, messages, owner, people_facts
from backend.assertion import Sender
from backend.case_numbers import case_number
from backend.core import Core, Unit
from backend.errors import NotVerified
from backend.messages.cases import What
from backend.schema import change_requests as table


def request(core: Core, unit: Unit, sender: Sender, account_id: str, what: What, value: str) -> dict[str, object]:
    """Store the request, replacing an open one for the same detail, and tell the owner on every old address.

    Returns `{"number", "province"}`: its number, and where the account lives (for the nearest office).
    """
    account = accounts.get(core, unit.conn, account_id, lock=True)
    if account is None:
        raise NotVerified()
    unit.conn.execute(
        update(table)
        .where(table.c.account_id == account_id, table.c.what == what, table.c.state == "open")
        .values(state="replaced", value_sealed=None, version=table.c.version + 1, decided_at=unit.now)
    )
    row_id, number = core.keys.row_id(), case_number("DN", core.randomness)
    unit.conn.execute(
        insert(table).values(
            id=row_id,
            number=number,
            account_id=account_id,
            what=what,
            value_sealed=core.keys.seal(value, table="change_requests", column="value", row=row_id),
            state="open",
            version=1,
            channel=sender.channel,
            lang=sender.lang,
            created_at=unit.now,
        )
    )
    owner.tell(
        core,
        unit,
        account_id,
        account.profile,
        lambda how, to: messages.change_requested(sender.lang, how, to, number, what),
    )
    return {"number": number, "province": people_facts.province_name(account.profile.province)}
