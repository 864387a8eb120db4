"""The action server's settings, from the environment."""

import os
from dataclasses import dataclass
from typing import get_args

from actions.logs import Level


@dataclass(frozen=True)
class Settings:
    """Where the backend is and how the action server proves itself.

    `backend_timeout_s` bounds one call and `action_timeout_s` all calls of an action (seconds): it gives up before Rasa
    does, because only then the person hears from it what is known.
    """

    backend_url: str
    service_credential: str
    port: int
    demo: bool
    log_level: Level = "INFO"
    backend_timeout_s: float = 3.0
    action_timeout_s: float = 4.0


class UnusableSettings(Exception):
    """A setting is missing or must not be used here; the text says which and what to do."""


def from_environment() -> Settings:
    """Read the settings.

    Raises:
        UnusableSettings: the credential is missing, or a demo one outside demo mode; a number or log level is none.
    """
    demo = os.environ.get("DEMO") == "1"
    credential = os.environ.get("SERVICE_CREDENTIAL", "").split(",")[0]
    if not credential:
        raise UnusableSettings("SERVICE_CREDENTIAL is missing; set it to the value the backend has")
    if credential.startswith("demo-") and not demo:
        raise UnusableSettings("SERVICE_CREDENTIAL is a demo secret; set a random one of at least 32 characters")
    deadline_s = _number("ACTION_DEADLINE_S", "5", at_most=5)
    levels = {str(level): level for level in get_args(Level)}
    level = os.environ.get("LOG_LEVEL") or "INFO"
    if level not in levels:
        raise UnusableSettings(f"LOG_LEVEL={level} is none of {', '.join(levels)}")
    return Settings(
        backend_url=os.environ.get("BACKEND_URL", "http://127.0.0.1:8000"),
        service_credential=credential,
        port=int(_number("ACTIONS_PORT", "5055", at_most=65535)),
        demo=demo,
        backend_timeout_s=deadline_s * 0.6,
        action_timeout_s=deadline_s * 0.8,
        log_level=levels[level],
    )


def _number(name: str, default: str, at_most: int) -> float:
    given = os.environ.get(name) or default
    try:
        number = float(given)
    except ValueError:
        number = 0.0
    if not 0 < number <= at_most:
        raise UnusableSettings(f"{name}={given} cannot be used; set it to a number above 0 and at most {at_most}")
    return number
