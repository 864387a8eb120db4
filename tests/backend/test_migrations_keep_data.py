"""A database with people in it goes up, down and up again, and nobody is lost on the way."""

from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, insert, select

from backend import migrate
from backend.database import Database

NOW = 1_800_000_000
# Each row of a child stands on a parent's: a parent table that is copied and dropped would take its children along.
ROWS: dict[str, list[dict[str, Any]]] = {
    "accounts": [
        {
            "id": f"a{one}",
            "code_index": f"code{one}",
            "personal_index": None,
            "email_index": f"mail{one}",
            "profile_sealed": "k1.profile",
            "status": "active",
            "password_sealed": "k1.password",
            "password_temporary": one == 2,
            "password_set_at": NOW,
            "password_expires_at": None,
            "created_at": NOW,
        }
        for one in (1, 2)
    ],
    "sessions": [{"account_id": "a1", "token_hash": "t", "created_at": NOW, "seen_at": NOW}],
    "drafts": [
        {
            "seq": one,
            "id": f"d{one}",
            "task": "forgot_password",
            "binding": f"b{one}",
            "channel": "web",
            "state": "open",
            "consented_at": NOW,
            "fields_sealed": "k1.fields",
            "code_index": None,
            "created_at": NOW,
            "touched_at": NOW,
        }
        for one in (1, 2)
    ],
    "challenges": [
        {
            "id": f"c{one}",
            "draft_id": f"d{one}",
            "subject": "s",
            "purpose": "forgot_password",
            "account_id": account,
            "email_index": "mail1",
            "code_mac": "m",
            "state": "sent",
            "wrong": 1,
            "sends": 2,
            "created_at": NOW,
            "sent_at": NOW,
            "expires_at": NOW + 300,
            "verified_at": None,
        }
        for one, account in ((1, "a1"), (2, ""))
    ],
    "outbox": [
        {
            "seq": 1,
            "id": "o1",
            "channel": "email",
            "kind": "otp",
            "void": False,
            "reference": "c1",
            "content_sealed": "k1.content",
            "state": "pending",
            "attempts": 3,
            "next_at": NOW,
            "not_after": NOW + 300,
            "lease_owner": None,
            "lease_until": None,
            "created_at": NOW,
            "sent_at": None,
        }
    ],
}


def content(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of these tables as it stands, whatever columns there are now."""
    tables = MetaData()
    with database.read() as conn:
        tables.reflect(conn)
        found = {name: conn.execute(select(tables.tables[name])).mappings().all() for name in ROWS}
    return {name: sorted((dict(row) for row in rows), key=repr) for name, rows in found.items()}


def check(url: str) -> None:
    """Up from 0002 to the newest, down to 0002, and up once more."""
    database = Database(url)
    migrate.upgrade(database, "0002")
    tables = MetaData()
    with database.write() as conn:
        tables.reflect(conn)
        for name, rows in ROWS.items():
            conn.execute(insert(tables.tables[name]), rows)
    assert content(database) == ROWS
    for state in ("sent", "dropped"):
        migrate.upgrade(database)
        newest = content(database)
        for name, rows in ROWS.items():
            for before, after in zip(rows, newest[name], strict=True):
                kept = {column: value for column, value in before.items() if column not in ("email_index", "state")}
                assert kept.items() <= after.items(), name
        assert [row["email_index"] for row in newest["accounts"]] == ["mail1", "mail2"]
        told = [(row["address_index"], bool(row["decoy"]), row["state"]) for row in newest["challenges"]]
        assert told == [("mail1", False, state), ("mail1", True, state)]
        migrate.downgrade(database, "0002")
        # Challenges of several kinds could not stand side by side in the older schema.
        dropped = [{**row, "state": "dropped"} for row in ROWS["challenges"]]
        assert content(database) == {**ROWS, "challenges": dropped}
    database.close()


def test_data_survives_on_sqlite(tmp_path: Path) -> None:
    check(f"sqlite:///{tmp_path}/m.db")


def test_data_survives_on_postgresql(postgres_database: str) -> None:
    check(postgres_database)
