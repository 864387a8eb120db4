"""What this program prints, at every log level: its own words, and of anything else the kind and the place.

Our own sentences name no value. Exceptions, warnings and libraries quote whatever they were given, so that only their
types and places are printed. A crash leaves no core file.
"""

import copy
import logging
import resource
import sys
import threading
import traceback
import warnings
from pathlib import Path
from types import TracebackType
from typing import Literal, TextIO

OWN = __package__
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class PlacesOnly(logging.Formatter):
    """Prints our own loggers' words; of libraries where they spoke, of exceptions where they were raised."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; the record itself stays as it is."""
        shown = copy.copy(record)
        shown.exc_text = None
        if record.name.partition(".")[0] != OWN:
            shown.msg, shown.args = f"said at {record.pathname}:{record.lineno}", ()
        return super().format(shown)

    def formatException(self, ei: object) -> str:
        """Return the traceback without the exceptions' texts."""
        error = ei[1] if isinstance(ei, tuple) else None
        return places(error) if isinstance(error, BaseException) else ""


def configure(level: Level) -> None:
    """Set up logging and the last words of crashes. Libraries speak from WARNING up, whatever our own level is."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlacesOnly("%(asctime)s %(levelname)s %(name)s: %(message)s"))
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
        sys.stderr.write(places(error) + "\n")
