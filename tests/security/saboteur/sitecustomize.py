"""Runs inside the programs under test (it lies on their PYTHONPATH) and makes them fail where no request can.

A place fails when a value at hand holds its word. What it raises, warns of and logs quotes everything that is at hand there,
as careless code would.
"""

import asyncio
import importlib.abc
import importlib.util
import inspect
import logging
import os
import pathlib
import sys
import threading
import warnings
from functools import wraps

BEHAVIOURS = ("fail", "abort")


def misbehave(behaviour, everything):
    """Die; or fail with everything at hand in all the ways that reach a log, and raise it at last."""
    if behaviour == "abort":
        os.abort()
    text = str(everything)
    _fail_aside(text)
    raise ValueError(text)


def _fail_aside(text):
    warnings.warn(text, stacklevel=1)
    thread = threading.Thread(target=_fail, args=(text,), name=text[:20])
    thread.start()
    thread.join()
    _Unraisable(text)
    logging.getLogger("some.library").error("could not handle %s", text)
    logging.getLogger("some.library").error("%d could not be formatted", text)
    try:
        _fail(text)
    except ValueError:
        logging.getLogger("some.library").exception("could not handle it")
    if "rasa.core.processor" in sys.modules:
        import structlog

        structlog.get_logger("rasa.some.module").error("it.failed", user_message=text, anything_else=[text], exc_info=True)
        structlog.get_logger("rasa.some.module").debug("it.happened", user_message=text, anything_else=[text])
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return
    abandoned = loop.create_task(_fail_later(text))
    del abandoned
    loop.call_soon(_fail, text)


def _fail(text):
    raise ValueError(text)


async def _fail_later(text):
    raise ValueError(text)


class _Unraisable:
    def __init__(self, text):
        self.text = text

    def __del__(self):
        raise ValueError(self.text)


def _when(word, function, at_hand):
    def triggered(arguments):
        said, everything = at_hand(*arguments)
        for behaviour in BEHAVIOURS:
            if f"{word}-{behaviour}" in said:
                _leave_a_mark(f"{word}-{behaviour}")
                misbehave(behaviour, everything)

    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def careless(*args, **kwargs):
            triggered((*args, *kwargs.values()))
            return await function(*args, **kwargs)

    else:

        @wraps(function)
        def careless(*args, **kwargs):
            triggered((*args, *kwargs.values()))
            return function(*args, **kwargs)

    return careless


def _leave_a_mark(name):
    marks = pathlib.Path(os.environ["VAR"]) / "sabotage"
    marks.mkdir(exist_ok=True)
    (marks / name).touch()


def _of_messages(component, messages):
    text = " ".join(one.get("text") or "" for one in messages)
    return text, [one.as_dict() for one in messages]


def _of_tracker(tracker):
    said = (tracker.latest_message and tracker.latest_message.text) or ""
    return said, [event.as_dict() for event in tracker.events]


def _of_call(executor, call):
    return ((call.get("tracker") or {}).get("latest_message") or {}).get("text") or "", call


PLACES = {
    "assistant.nlu.identifier_extractor": [("component", "IdentifierExtractor", "process", _of_messages)],
    "rasa.core.processor": [("processor", "MessageProcessor", "save_tracker", lambda self, tracker: _of_tracker(tracker))],
    "rasa.core.actions.forms": [("form", "FormAction", "do", lambda self, out, nlg, tracker, *more: _of_tracker(tracker))],
    "assistant.stores.message_log": [
        ("handler", "MessageLog", "add_user", lambda self, who, key, text, body, *more: (text, [who, key, text, body]))
    ],
    "actions.task_form": [("action", "TaskForm", "act", lambda self, turn: (turn.text, turn.tracker.current_state()))],
    "rasa_sdk.executor": [("executor", "ActionExecutor", "run", _of_call)],
    "backend.drafts": [("backend", None, "set_field", lambda core, unit, sender, task, name, typed: (typed, [sender, typed]))],
    "backend.postman": [("postman", "Postman", "_deliver", lambda self, claimed: (str(claimed), claimed))],
}
"""Module -> (word, class or None, function, what was said and all that is at hand there)."""


class _Saboteur(importlib.abc.MetaPathFinder):
    """Wraps the functions of PLACES as soon as their module has been imported."""

    def find_spec(self, name, path, target=None):
        if name not in PLACES:
            return None
        places = PLACES.pop(name)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def load_and_wrap(module):
            load(module)
            for word, owner, function, at_hand in places:
                holder = getattr(module, owner) if owner else module
                setattr(holder, function, _when(word, getattr(holder, function), at_hand))

        spec.loader.exec_module = load_and_wrap
        return spec


sys.meta_path.insert(0, _Saboteur())
