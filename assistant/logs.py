"""What the Rasa process prints, at every log level: names, kinds and places, never what somebody typed.

Rasa's own sentences stay readable, blanked. Whatever else may hold values is reduced to what cannot: exceptions to their
types and places, structured fields to those that hold names of ours, the words of other libraries (which quote requests
and reprs of anything) to the place in the code that said them. A crash leaves no core file.
"""

import logging
import resource
import sys
import threading
import traceback
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, List, Optional, Set, TextIO, Type, Union

import structlog

from assistant.privacy import MASK, blank

READABLE = ("rasa", "assistant", "root")
"""Loggers whose sentences are printed, blanked."""

NAMES = frozenset(
    "event event_key event_info level action_name policy_name action_extract_slot len_extraction_events parse_data_intent".split()
)
"""Structured fields that hold names of ours and numbers; every other field is masked whole."""


class BlankingRecords:
    """A log record factory for every logger in the process, whatever handler prints its records."""

    def __init__(self) -> None:
        self._make = logging.getLogRecordFactory()

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """Build a record whose text is final and holds no value."""
        record = self._make(*args, **kwargs)
        record.msg, record.args = _words(record), ()
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text, record.exc_info = places(record.exc_info[1]), None
        return record


def blank_logs() -> None:
    """Let nothing this process prints hold a value; calling it again changes nothing.

    It comes after the configuration of logging, whose list of structlog processors it joins.
    """
    if not isinstance(logging.getLogRecordFactory(), BlankingRecords):
        logging.setLogRecordFactory(BlankingRecords())
    # The list itself is changed, as structlog's own capture_logs does: loggers that exist already hold on to it.
    processors: List[Any] = structlog.get_config()["processors"]
    if _show_names not in processors:
        processors.insert(0, _show_names)
    logging.raiseExceptions = False  # a record that cannot be formatted would be printed with its arguments
    warnings.showwarning = _show_warning
    sys.excepthook = _show_crash
    sys.unraisablehook = lambda unraisable: _print(unraisable.exc_value)
    threading.excepthook = lambda thread: _print(thread.exc_value)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def places(error: BaseException) -> str:
    """Return the tracebacks of an exception and its causes, without the exceptions' texts."""
    parts: List[str] = []
    seen: Set[int] = set()
    current: Optional[BaseException] = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        parts.append("".join(traceback.format_tb(current.__traceback__)) + type(current).__name__)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\nwhile handling:\n".join(parts)


def _words(record: logging.LogRecord) -> str:
    if record.name.partition(".")[0] not in READABLE:
        return f"said at {record.pathname}:{record.lineno}"
    try:
        return blank(_unescaped(record.getMessage()))
    except Exception:  # a broken format string must not break the program
        return f"could not be formatted, at {record.pathname}:{record.lineno}"


def _unescaped(text: str) -> str:
    r"""Return `text` with JSON's \uXXXX read: blanking knows letters, not their numbers."""
    if "\\u" not in text:
        return text
    return text.encode("latin-1", "backslashreplace").decode("unicode-escape", "replace")


def _show_names(logger: Any, method: str, fields: Dict[str, Any]) -> Dict[str, Any]:
    """Mask structured fields. The exception in hand is rendered here: structlog's own tracebacks show local variables."""
    error = sys.exc_info()[1] if fields.pop("exc_info", None) else None
    shown = {name: value if name in NAMES or isinstance(value, (bool, int, float)) else MASK for name, value in fields.items()}
    if error is not None:
        shown["exception"] = places(error)
    return {**shown, "exc_info": None}


def _show_warning(
    message: Union[Warning, str],
    category: Type[Warning],
    filename: str,
    lineno: int,
    file: Optional[TextIO] = None,
    line: Optional[str] = None,
) -> None:
    logging.getLogger("rasa.warnings").warning("%s in %s:%d", category.__name__, Path(filename).name, lineno)


def _show_crash(kind: Type[BaseException], error: BaseException, trace: Optional[TracebackType]) -> None:
    _print(error)


def _print(error: Optional[BaseException]) -> None:
    if error is not None and sys.stderr is not None:
        sys.stderr.write(places(error) + "\n")
