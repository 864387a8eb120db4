"""The tables of the tracker store and what is asked of them."""

import json
from typing import Any, Dict, Text

import sqlalchemy as sa
from rasa.shared.nlu.constants import INTENT_NAME_KEY

metadata = sa.MetaData()
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite numbers rows by itself only when they are called INTEGER
# Rasa's own columns, so its tools can read the table.
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float(53)),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text),
    sa.Index("ix_events_conversation", "sender_id", "id"),
)
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("sender_id", sa.String(255), primary_key=True),
    sa.Column("cut_id", Id, nullable=False),
    sa.Column("head", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Float(53), nullable=False, index=True),
)


# Statements are built once: SQLAlchemy takes longer to build one than SQLite to run it.
this, at, number = sa.bindparam("this"), sa.bindparam("at"), sa.bindparam("number")
of_conversation = events.c.sender_id == this
events_from = (sa.select(events.c.id, events.c.timestamp, events.c.data).where(of_conversation, events.c.id >= number)).order_by(
    events.c.id
)
ids_from = sa.select(events.c.id).where(of_conversation, events.c.id >= number).order_by(events.c.id)
count = sa.select(sa.func.count()).select_from(events).where(of_conversation)
insert_events = events.insert()
same = conversations.c.sender_id == this
stored_head = sa.select(conversations.c.cut_id, conversations.c.head).where(same)
touch = conversations.update().where(same).values(changed_at=at)
begin = conversations.insert()
cut = conversations.update().where(same).values(cut_id=number, head=sa.bindparam("summary"))


def row(sender_id: Text, event: Dict[Text, Any]) -> Dict[Text, Any]:
    """Return the row of a serialised event."""
    return {
        "sender_id": sender_id,
        "type_name": event["event"],
        "timestamp": event.get("timestamp"),
        "intent_name": event.get("parse_data", {}).get("intent", {}).get(INTENT_NAME_KEY),
        "action_name": event.get("name"),
        "data": json.dumps(event, ensure_ascii=False),
    }
