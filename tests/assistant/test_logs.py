"""What the Rasa process prints when it logs, warns and crashes: nothing that somebody typed."""

import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from assistant.logs import BlankingRecords, blank_logs

TYPED = "Tôi là Giàng A Páo, mã 7900000001, otp 123456, mail lan.nguyen@example.com"
SECRETS = ("Giàng", "Páo", "7900000001", "123456", "lan.nguyen")


@pytest.fixture(autouse=True)
def blanked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the protections in place for one test."""
    for owner, name in [
        (sys, "excepthook"),
        (sys, "unraisablehook"),
        (threading, "excepthook"),
        (warnings, "showwarning"),
        (logging, "raiseExceptions"),
    ]:
        monkeypatch.setattr(owner, name, getattr(owner, name))
    factory, processors = logging.getLogRecordFactory(), structlog.get_config()["processors"]
    before = list(processors)
    blank_logs()
    yield
    logging.setLogRecordFactory(factory)
    processors[:] = before


def leaked(text: str) -> list[str]:
    """Return the secrets in a text."""
    return [secret for secret in SECRETS if secret in text or json.dumps(secret)[1:-1] in text]


def in_hand() -> ValueError:
    """Return an exception that was raised with everything in its text, caused by another one."""
    try:
        try:
            raise KeyError(TYPED)
        except KeyError as cause:
            raise ValueError(TYPED) from cause
    except ValueError as error:
        return error


def printed(caplog: pytest.LogCaptureFixture) -> str:
    """Return everything that was logged, formatted."""
    return "\n".join(logging.Formatter().format(record) for record in caplog.records)


def test_rasas_own_sentences_are_blanked(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("rasa.core").error("code %s of %s", "7900000001", json.dumps("Nguyễn Thị Lan"))
    assert "code ••••0001 of" in printed(caplog)
    assert "Lan" not in printed(caplog)


def test_of_other_libraries_only_the_place_is_printed(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("asyncio").error("Task exception was never retrieved\nfuture: <Task exception=ValueError('Páo')>")
    assert "test_logs.py" in printed(caplog)
    assert not leaked(printed(caplog))


def test_exceptions_are_printed_without_their_texts(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("rasa.core").error("it failed", exc_info=in_hand())
    assert all(word in printed(caplog) for word in ("it failed", "ValueError", "KeyError", "in in_hand"))
    assert not leaked(printed(caplog))


def test_a_record_that_cannot_be_formatted_prints_no_argument(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("rasa.core").error("%d apples", TYPED)
    assert "could not be formatted" in printed(caplog)
    assert not leaked(printed(caplog) + capsys.readouterr().err)


@pytest.mark.parametrize("renderer", [structlog.processors.JSONRenderer(), structlog.dev.ConsoleRenderer(colors=False)])
def test_structured_fields_show_names_of_ours_only(caplog: pytest.LogCaptureFixture, renderer: Any) -> None:
    processors = structlog.get_config()["processors"]
    processors[:] = [*[one for one in processors if one.__module__ == "assistant.logs"], structlog.dev.set_exc_info, renderer]
    logger = structlog.wrap_logger(logging.getLogger("rasa.core"), wrapper_class=structlog.stdlib.BoundLogger)
    caplog.set_level(logging.DEBUG)
    logger.debug(
        "processor.message.parse",
        parse_data_text=TYPED,
        anything_new=[TYPED],
        like_nothing="khongaibiet",
        action_name="utter_greet",
    )
    try:
        raise in_hand()
    except ValueError:
        logger.exception("it.failed", response=TYPED)
    text = printed(caplog)
    assert all(word in text for word in ("processor.message.parse", "utter_greet", "it.failed", "ValueError"))
    assert not leaked(text) and "khongaibiet" not in text


def test_warnings_and_crashes_print_their_places_only(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    warnings.showwarning(UserWarning(TYPED), UserWarning, "/some/where.py", 3)
    assert "UserWarning in where.py:3" in printed(caplog)
    error = in_hand()
    sys.excepthook(ValueError, error, error.__traceback__)
    threading.excepthook(threading.ExceptHookArgs((ValueError, error, error.__traceback__, None)))
    shown = capsys.readouterr().err
    assert shown.count("while handling:") == 2
    assert not leaked(printed(caplog) + shown)


def test_putting_it_in_place_twice_changes_nothing() -> None:
    processors = list(structlog.get_config()["processors"])
    factory = logging.getLogRecordFactory()
    blank_logs()
    assert isinstance(factory, BlankingRecords) and logging.getLogRecordFactory() is factory
    assert structlog.get_config()["processors"] == processors
