"""The tasks a draft can be opened for, and the fields each takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.errors import NotFound
from backend.identifiers import email_address, insurance_code

FORGOT_PASSWORD = "forgot_password"


@dataclass(frozen=True)
class Task:
    """One task: its name and, a field, the function that folds what was typed or raises BadValue."""

    name: str
    fields: Mapping[str, Callable[[str], str]]


TASKS = {FORGOT_PASSWORD: Task(FORGOT_PASSWORD, {"code": insurance_code, "email": email_address})}


def task_named(name: str) -> Task:
    """The task; raises NotFound."""
    if name not in TASKS:
        raise NotFound()
    return TASKS[name]
