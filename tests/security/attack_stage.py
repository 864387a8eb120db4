"""Where the account backend is attacked over HTTP: two processes of it, outside demo mode, on one PostgreSQL.

Time is the server's: `advance` moves every stored moment back instead, which is the same for everybody. People, senders and
conversations are new in every test, so that none needs a clean database.
"""

import itertools
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import BigInteger, create_engine, make_url, text, update

from backend import accounts, migrate, schema
from backend.accounts import Profile
from backend.app import build_core
from backend.core import Core
from backend.errors import Busy
from backend.settings import Settings
from tests.programs import ROOT, free_port
from tests.security.attack_sinks import MailServer, SmsGateway

COMMAND = (sys.executable, "-m", "backend", "run")
"""How one process of the backend is started."""
PUBLIC_URL = "https://assistant.vssid.test"
READY_WITHIN_S = 60
SETTLED_WITHIN_S = 30


@dataclass(frozen=True)
class Person:
    """Somebody on file; `id` is the account's."""

    id: str
    code: str
    name: str
    dob: str
    personal_id: str
    phone: str
    email: str
    province: str


class Worker:
    """One running process of the backend."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port = free_port()
        self.log = log
        self._environment = {**environment, "BACKEND_PORT": str(self.port)}
        self.start()

    def start(self) -> None:
        """Start it without waiting."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(COMMAND, cwd=ROOT, env=self._environment, stdout=log, stderr=log)

    def wait(self) -> None:
        """Wait until it answers."""
        ends = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < ends:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/account/login", timeout=5, trust_env=False).is_success:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError(f"the backend did not answer:\n{self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it orderly."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()


class Stage:
    """The workers, the providers, the people, and what only an operator can do: read and change the database."""

    def __init__(self, folder: Path, server_url: str) -> None:
        self._numbers = itertools.count(1)
        self._folder = folder
        self.database = f"attacked_{secrets.token_hex(6)}"
        self._admin = create_engine(server_url, isolation_level="AUTOCOMMIT")
        self._operate(f"CREATE DATABASE {self.database}")
        # Nothing here survives a power cut anyway; who sees and locks what is as always.
        self._operate(f"ALTER DATABASE {self.database} SET synchronous_commit = off")
        url = make_url(server_url).set(database=self.database).render_as_string(hide_password=False)
        # The ring of the master key holds its successor already, as it does before a rotation.
        self.next_key = secrets.token_urlsafe(32)
        secret = {name: secrets.token_urlsafe(32) for name in ("BACKEND_KEY", "SERVICE_CREDENTIAL", "CHANNEL_CREDENTIAL")}
        secret["BACKEND_KEY"] += f",{self.next_key}"
        token = secrets.token_urlsafe(32)
        self.mail, self.sms = MailServer(), SmsGateway(token)
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ},
            **secret,
            "DEMO": "0",
            "VAR": str(folder),
            "LOG_LEVEL": "DEBUG",
            "DATABASE_URL": url,
            "PUBLIC_URL": PUBLIC_URL,
            "SMTP_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "MAIL_FROM": "VssID <no-reply@vssid.test>",
            "SMS_GATEWAY_URL": f"http://127.0.0.1:{self.sms.port}/send",
            "SMS_GATEWAY_TOKEN": token,
        }
        self.core = self._core(self.environment)
        migrate.upgrade(self.core.database)
        self.mail.start()
        self.sms.start()
        self.workers = [Worker(self.environment, folder / f"worker-{number}.log") for number in (1, 2)]
        for worker in self.workers:
            worker.wait()

    def stop(self) -> None:
        """End everything."""
        for worker in self.workers:
            worker.kill()
        self.mail.stop()
        self.sms.stop()
        self.core.database.close()
        self._admin.dispose()

    @contextmanager
    def another_worker(self, **settings: str) -> Iterator[Worker]:
        """One more process on the same database, with other settings."""
        worker = Worker({**self.environment, **settings}, self._folder / f"worker-{next(self._numbers) + 2}.log")
        try:
            worker.wait()
            yield worker
        finally:
            worker.stop()

    def core_with(self, **settings: str) -> Core:
        """What an operator's command works with."""
        return self._core({**self.environment, **settings})

    def number(self) -> int:
        """A number nobody had before."""
        return next(self._numbers)

    def person(self, *, password: str | None = None, status: str = "active", **on_file: Any) -> Person:
        """Somebody new on file; `password` is permanent, without one nobody knows it."""
        number = self.number()
        given = {
            "bhxh_code": f"79{number:08d}",
            "full_name": "Nguyễn Thị Lan",
            "dob": "1990-05-14",
            "personal_id": f"0791{number:08d}",
            "phone": f"+84912{number:06d}",
            "email": f"person.{number}@example.com",
            "province": "Cần Thơ",
            **on_file,
        }
        encoded = self.core.hasher.hash(password) if password else self.core.hasher.dummy
        with self.core.writing() as unit:
            account_id = accounts.create(self.core, unit, Profile(**given), status, encoded)
        said = {name: given[name] or "" for name in ("dob", "personal_id", "phone", "email", "province")}
        return Person(id=account_id, code=given["bhxh_code"], name=given["full_name"], **said)

    def stranger(self) -> Person:
        """Somebody who is on no file."""
        number = self.number()
        return Person(
            "",
            f"78{number:08d}",
            "Trần Văn Không",
            "1980-01-01",
            f"0011{number:08d}",
            f"+84913{number:06d}",
            f"nobody.{number}@example.com",
            "Huế",
        )

    def set_status(self, person: Person, status: str) -> None:
        """What an officer does: lock, unlock."""
        with self.core.database.write() as conn:
            conn.execute(update(schema.accounts).where(schema.accounts.c.id == person.id).values(status=status))

    def put_on_file(self, person: Person, **changes: str) -> None:
        """An officer puts other details on file."""
        with self.core.writing() as unit:
            account = accounts.get(self.core, unit.conn, person.id)
            assert account is not None
            accounts.change_profile(self.core, unit, account, **changes)

    def advance(self, seconds: int, *, everything: bool = False, settled: bool = True) -> None:
        """Let time pass: every moment that still decides something (or `everything` stored) lies that much further back.

        First what is under way is let go, unless not `settled`: a lease that ends early sends a message twice.
        """
        if settled:
            self.settle()
        statements = []
        for table in schema.metadata.sorted_tables:
            moments = [c.name for c in table.c if isinstance(c.type, BigInteger) and (c.name == "at" or c.name.endswith(TIMES))]
            if table is schema.breaker_buckets:
                # Its moment is part of the key: two rows must not meet on the way.
                statements += [
                    f"UPDATE {table} SET starts_at = {seconds} - starts_at",
                    f"UPDATE {table} SET starts_at = -starts_at",
                ]
            elif moments and (everything or table not in (schema.audit, schema.nonces, schema.idempotency)):
                which = " WHERE state = 'pending'" if table is schema.outbox and not everything else ""
                statements.append(f"UPDATE {table} SET " + ", ".join(f"{name} = {name} - {seconds}" for name in moments) + which)
        while True:
            with suppress(Busy), self.core.database.write() as conn:  # a worker was sweeping the same rows
                conn.exec_driver_sql("; ".join(statements))
                return

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Read the database."""
        with self.core.database.read() as conn:
            return list(conn.execute(text(query), values))

    def one(self, query: str, **values: Any) -> Any:
        """The one value of the one row."""
        found = self.rows(query, **values)
        assert len(found) == 1, found
        return found[0][0]

    def change(self, statement: str, **values: Any) -> int:
        """Change the database; returns how many rows."""
        with self.core.database.write() as conn:
            return conn.execute(text(statement), values).rowcount

    def counted(self, subject: str, kind: str = "wrong") -> int:
        """How many events stand under a subject."""
        return int(self.one("SELECT count(*) FROM tallies WHERE subject = :s AND kind = :k", s=subject, k=kind))

    def compared(self, channel: str) -> int:
        """Wrong answers on a channel of the test's own that got as far as a comparison."""
        return int(self.one("SELECT coalesce(sum(wrong), 0) FROM breaker_buckets WHERE channel = :c", c=channel))

    def settle(self) -> None:
        """Wait until every message that can go out has gone, or was tried and failed."""
        ends = time.monotonic() + SETTLED_WITHIN_S
        query = "SELECT count(*) FROM outbox WHERE state = 'pending' AND next_at <= :now"
        while self.one(query, now=self.core.clock.now()):
            assert time.monotonic() < ends, self.rows("SELECT channel, kind, state, attempts FROM outbox WHERE state = 'pending'")
            time.sleep(0.005)

    def code(self, address: str) -> str:
        """The newest one-time code that an address got."""
        self.settle()
        letters = self.mail.to(address) if "@" in address else self.sms.to(address)
        codes = [letter.codes[0] for letter in letters if len(letter.codes) == 1]
        assert codes, f"no code came to {address}"
        return codes[-1]

    def password(self, address: str) -> str:
        """The newest temporary password that was mailed."""
        self.settle()
        found = [letter for letter in self.mail.to(address) if "tạm thời" in letter.subject]
        assert found, f"no password came to {address}"
        return found[-1].body.replace("\r", "").split("\n\n")[1].strip()

    def dump(self) -> dict[str, str]:
        """Every table as text, for who stole the database."""
        return {
            table.name: "\n".join(json.dumps(list(row), default=str) for row in self.rows(f"SELECT * FROM {table.name}"))
            for table in schema.metadata.sorted_tables
        }

    def logs(self) -> str:
        """What all processes printed."""
        return "".join(path.read_text(errors="replace") for path in sorted(self._folder.glob("worker-*.log")))

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """The database refuses everybody and throws out who is in."""
        self._operate(f"ALTER DATABASE {self.database} ALLOW_CONNECTIONS false")
        try:
            self._operate(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.database}'")
            yield
        finally:
            self._operate(f"ALTER DATABASE {self.database} ALLOW_CONNECTIONS true")
            self.core.database.engine.dispose()

    def alter(self, statement: str) -> None:
        """Change the database's shape."""
        with self.core.database.write() as conn:
            conn.execute(text(statement))

    def _operate(self, statement: str) -> None:
        with self._admin.connect() as conn:
            conn.execute(text(statement))

    @staticmethod
    def _core(environment: dict[str, str]) -> Core:
        plain = {name: field.default for name, field in Settings.model_fields.items()}
        given = {name.lower(): value for name, value in environment.items() if name.lower() in plain}
        return build_core(Settings.model_construct(**{**plain, **given, "demo": False}))


TIMES = ("_at", "_after", "_until")
