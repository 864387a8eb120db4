"""What action server and backend print: their own words, and of everything else kind and place."""

import inspect
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from types import ModuleType

import pytest

import actions.logs
import backend.logs

TYPED = "mã 7900000001, mail lan.nguyen@example.com"


@pytest.fixture(params=[actions.logs, backend.logs], ids=["actions", "backend"])
def logs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """One program's printing; what it changes in this process is put back."""
    for owner, name in [(sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook"), (warnings, "showwarning")]:
        monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setattr(logging, "raiseExceptions", logging.raiseExceptions)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    root.handlers.clear()
    yield request.param
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger(request.param.OWN).setLevel(logging.NOTSET)


def in_hand() -> ValueError:
    """Return an exception that was raised with a value in its text, caused by another one."""
    try:
        try:
            raise KeyError(TYPED)
        except KeyError as cause:
            raise ValueError(TYPED) from cause
    except ValueError as error:
        return error


def test_both_programs_print_alike() -> None:
    """They import nothing of each other, so each has its copy: a rule that is made stricter in one is missing in the other."""
    assert inspect.getsource(actions.logs) == inspect.getsource(backend.logs)
    assert (actions.logs.OWN, backend.logs.OWN) == ("actions", "backend")


def test_our_own_words_are_printed(logs: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG")
    logging.getLogger(logs.OWN).debug("it %s", "works")
    line = json.loads(capsys.readouterr().err)
    assert line.keys() == {"time", "level", "logger", "event", "process"}
    assert (line["level"], line["logger"], line["event"]) == ("DEBUG", logs.OWN, "it works")


def test_somebody_at_a_terminal_reads_plain_lines(logs: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG", plain=True)
    logging.getLogger(logs.OWN).error("it failed", extra={"status": 503}, exc_info=in_hand())
    printed = capsys.readouterr().err
    assert f"ERROR {logs.OWN}: it failed status=503\n" in printed and "while handling:" in printed and TYPED not in printed


def test_every_record_is_one_line_of_json_whatever_it_holds(logs: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG")
    logging.getLogger(logs.OWN).error('two\nlines, "quotes", \x00 and \ud800', exc_info=in_hand())
    logging.getLogger("asyncio").warning(TYPED)
    lines = capsys.readouterr().err.splitlines()
    assert [json.loads(line)["level"] for line in lines] == ["ERROR", "WARNING"]
    assert "KeyError" in json.loads(lines[0])["places"]


def test_a_field_is_printed_when_it_is_on_the_list_and_a_word_of_the_code(
    logs: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("DEBUG")
    extra = {"channel": "email", "attempts": 3, "kind": TYPED, "code": "7900000001", "status": None, "bhxh_code": TYPED}
    logging.getLogger(logs.OWN).error("not sent", extra=extra)
    printed = capsys.readouterr().err
    assert "7900000001" not in printed and "example.com" not in printed
    line = json.loads(printed)
    assert (line.pop("channel"), line.pop("attempts")) == ("email", 3)
    assert line.keys() == {"time", "level", "logger", "event", "process"}


def test_a_library_shows_where_it_spoke_and_no_word(logs: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG")
    logging.getLogger("asyncio").error("future: <Task exception=ValueError('%s')>", TYPED, exc_info=in_hand())
    logging.getLogger("httpx").info("GET http://127.0.0.1/%s", TYPED)
    printed = capsys.readouterr().err
    assert all(
        word in printed
        for word in ('"asyncio", "event": "said at', "test_printed_words.py", "ValueError", "KeyError", "in in_hand")
    )
    assert TYPED not in printed and "httpx" not in printed


def test_our_own_exceptions_too_are_printed_without_their_texts(logs: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG")
    logging.getLogger(logs.OWN).error("it failed", exc_info=in_hand())
    printed = capsys.readouterr().err
    assert "it failed" in printed and "while handling:" in printed
    assert TYPED not in printed


def test_a_record_that_cannot_be_formatted_prints_no_argument(logs: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG")
    logging.getLogger(logs.OWN).error("%d apples", TYPED)
    assert TYPED not in capsys.readouterr().err


def test_warnings_and_crashes_print_their_places_only(logs: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("DEBUG")
    error = in_hand()
    warnings.showwarning(UserWarning(TYPED), UserWarning, "/some/where.py", 3)
    sys.excepthook(ValueError, error, error.__traceback__)
    threading.excepthook(threading.ExceptHookArgs((ValueError, error, error.__traceback__, None)))
    printed = capsys.readouterr().err
    assert "UserWarning in where.py:3" in printed and printed.count("while handling:") == 2
    assert TYPED not in printed
