"""What this program prints, at every log level: its own words, and of anything else the kind and the place.

One JSON object a line, or plain lines to somebody who sits at a terminal. Our own sentences name no value. Exceptions,
warnings and libraries quote whatever they were given, so that only their types and places are printed. A crash leaves
no core file. The programs import nothing of each other, so each that is ours has a copy of this file: they are alike.
"""

import json
import logging
import os
import re
import resource
import sys
import threading
import traceback
import warnings
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, TextIO

OWN = __package__
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
FIELDS = ("channel", "kind", "attempts", "code", "status", "route")
"""What a record may carry beside its words (`extra={"status": 503}`); anything else in it is not printed."""
_PLAIN = re.compile(r"[a-z_/{}:.-]{1,80}")


class Lines(logging.Formatter):
    """Prints our own loggers' words; of libraries where they spoke, of exceptions where they were raised."""

    def __init__(self, *, plain: bool) -> None:
        super().__init__()
        self._plain = plain

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; the record itself stays as it is."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": _event(record),
            "process": os.getpid(),
        }
        line |= {name: value for name in FIELDS if _may_be_printed(value := getattr(record, name, None))}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["places"] = places(error)
        text = _in_words(line) if self._plain else json.dumps(line, ensure_ascii=False)
        return text.encode("utf-8", "backslashreplace").decode("utf-8")  # half a character would end the line unprinted


def configure(level: Level, *, plain: bool | None = None) -> None:
    """Set up logging and the last words of crashes. Libraries speak from WARNING up, whatever our own level is.

    `plain` lines are for people; by default those get them who see standard error on a terminal.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(plain=sys.stderr.isatty() if plain is None else plain))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger(OWN).setLevel(level)
    logging.raiseExceptions = False  # a record that cannot be formatted would be printed with its arguments
    warnings.showwarning = _show_warning
    sys.excepthook = _show_crash
    sys.unraisablehook = lambda unraisable: _print(unraisable.exc_value)
    threading.excepthook = lambda thread: _print(thread.exc_value)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def places(error: BaseException) -> str:
    """Return the tracebacks of an exception and its causes, without the exceptions' texts."""
    parts: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        parts.append("".join(traceback.format_tb(current.__traceback__)) + type(current).__name__)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\nwhile handling:\n".join(parts)


def _event(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] == OWN:
        return record.getMessage()
    return f"said at {record.pathname}:{record.lineno}"


def _may_be_printed(value: object) -> bool:
    # Words of the code have no digits, capitals or blanks; numbers are printed when they never were text.
    return type(value) is int or (isinstance(value, str) and _PLAIN.fullmatch(value) is not None)


def _in_words(line: dict[str, object]) -> str:
    more = "".join(f" {name}={line[name]}" for name in FIELDS if name in line)
    told = f"{line['time']} {line['level']} {line['logger']}: {line['event']}{more}"
    return f"{told}\n{line['places']}" if "places" in line else told


def _show_warning(
    message: Warning | str,  # noqa: ARG001
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    logging.getLogger(OWN).warning("%s in %s:%d", category.__name__, Path(filename).name, lineno)


def _show_crash(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    _print(error)


def _print(error: BaseException | None) -> None:
    if error is not None and sys.stderr is not None:
        logging.getLogger(OWN).critical("crashed", exc_info=error)
