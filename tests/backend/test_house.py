"""The code's own shape: migrations, the OpenAPI file, module sizes, no secrets in the log."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from backend_kit import World
from sqlalchemy import inspect

from backend import migrate
from backend.commands.openapi import document
from backend.database import Database
from backend.schema import metadata

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "backend").rglob("*.py"))


def check_migrations(url: str) -> None:
    database = Database(url)
    assert not migrate.is_current(database)
    migrate.upgrade(database)
    migrate.upgrade(database)
    assert migrate.is_current(database)
    with database.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
    migrate.downgrade(database)
    with database.read() as conn:
        assert set(inspect(conn).get_table_names()) <= {"alembic_version"}
    migrate.upgrade(database)
    database.close()


def test_migrations_go_up_down_and_up_and_match_the_schema_on_sqlite(tmp_path: Path) -> None:
    check_migrations(f"sqlite:///{tmp_path}/m.db")


def test_migrations_go_up_down_and_up_and_match_the_schema_on_postgresql(postgres_database: str) -> None:
    check_migrations(postgres_database)


def test_the_openapi_file_is_current() -> None:
    written = (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert written == document(), "run: python -m backend openapi > docs/openapi.json"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_and_says_what_it_is(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert text.count("\n") < 250
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "no module docstring"
    for node in documented(tree):
        assert ast.get_docstring(node), f"{node.name} has no docstring"


def documented(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """What others may call: public functions and classes of a module, public methods of its public classes."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from documented(node)


def test_no_secret_is_compared_with_equals() -> None:
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq) and isinstance(node.left, ast.Attribute):
                # The SQL guard compares inside the database, after the constant-time comparison.
                assert node.left.attr not in ("token", "secret", "signature", "credential"), module


def test_a_full_reset_logs_no_personal_value(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    password = world.reset()
    for value in ("7900000001", "lan.nguyen@example.com", password):
        assert value not in caplog.text


def test_every_test_file_has_a_name_of_its_own_so_that_all_can_be_collected_at_once() -> None:
    folders = [folder for folder in (ROOT / "tests").iterdir() if folder.name != "assistant"]  # Rasa's environment collects those
    names = [path.name for folder in folders for path in folder.rglob("test_*.py")]
    assert [name for name in set(names) if names.count(name) > 1] == []
