"""The tables of the message log and what is asked of them."""

import sqlalchemy as sa

metadata = sa.MetaData()
sessions = sa.Table(
    "chat_sessions",
    metadata,
    sa.Column("cookie_hash", sa.String(64), primary_key=True),
    sa.Column("conversation", sa.String(64), nullable=False, index=True),
    sa.Column("lang", sa.String(2), nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
    sa.Column("address", sa.LargeBinary),  # sealed: where a provider's person is to be found
)
messages = sa.Table(
    "chat_messages",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("sender", sa.String(4), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("extras", sa.Text, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("client_id", sa.String(64)),  # by which a repeat is known, of a bubble too
    sa.UniqueConstraint("conversation", "client_id"),
)
inbox = sa.Table(
    "chat_inbox",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("received_at", sa.Float, nullable=False),
)
received = sa.Table(
    "chat_received",
    metadata,
    sa.Column("client_id", sa.String(64), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
)
deliveries = sa.Table(
    "chat_deliveries",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("taken", sa.Integer, nullable=False, server_default="0"),  # parts of it that the provider has
)
takeovers = sa.Table(
    "chat_takeovers",
    metadata,
    sa.Column("holder_hash", sa.String(64), primary_key=True),
    sa.Column("until", sa.Float, nullable=False),
)
choices = sa.Table(
    "chat_choices",
    metadata,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column("conversation", sa.String(64), nullable=False, index=True),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("intent", sa.String(64), nullable=False),
)
feedback = sa.Table(
    "chat_feedback",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("up", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("at", sa.String(32), nullable=False),
)


# Statements are built once: SQLAlchemy takes longer to build one than SQLite to run it.
this, number = sa.bindparam("this"), sa.bindparam("number")
of_conversation = messages.c.conversation == this
known_client_id = sa.select(messages.c.seq).where(of_conversation, messages.c.client_id == sa.bindparam("client"))
last_seq = sa.select(sa.func.max(messages.c.seq)).where(of_conversation)
last_said = sa.select(sa.func.max(messages.c.seq)).where(of_conversation, messages.c.sender == "user")
last_bubble = sa.select(messages).where(of_conversation, messages.c.sender == "bot").order_by(messages.c.seq.desc()).limit(1)
messages_after = sa.select(messages).where(of_conversation, messages.c.seq > number).order_by(messages.c.seq)
received_before = sa.select(received.c.at).where(received.c.client_id == sa.bindparam("client"))
insert_received = received.insert()
insert_message, insert_choice = messages.insert(), choices.insert()
live_session = sa.select(sessions.c.conversation, sessions.c.lang, sessions.c.seen_at).where(
    sessions.c.cookie_hash == this,
    sessions.c.seen_at > sa.bindparam("seen_after"),
    sessions.c.created_at > sa.bindparam("created_after"),
)
see_session = sessions.update().where(sessions.c.cookie_hash == this).values(seen_at=sa.bindparam("now"))
open_session = sessions.insert()
end_session = sessions.delete().where(sessions.c.cookie_hash == this)
held = sa.select(sessions.c.conversation).where(sessions.c.cookie_hash == this)
address = sa.select(sessions.c.address).where(sessions.c.conversation == this)
seen = sa.select(sessions.c.seen_at).where(sessions.c.conversation == this)
conversations = sa.select(sessions.c.conversation).where(sessions.c.conversation.like(sa.bindparam("prefix")))
conversations_over = conversations.where(
    sa.or_(sessions.c.seen_at <= sa.bindparam("seen_after"), sessions.c.created_at <= sa.bindparam("created_after"))
)
began = sa.select(sessions.c.created_at).where(sessions.c.conversation == this)
language = sa.select(sessions.c.lang).where(sessions.c.conversation == this)
speak = sessions.update().where(sessions.c.conversation == this).values(lang=sa.bindparam("spoken"))
offered = sa.select(choices.c.label, choices.c.intent).where(
    choices.c.token == sa.bindparam("offered"), choices.c.conversation == this
)
