"""Drafts as the backend shows them: a task under way, its values masked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

OtpState = Literal["none", "sent", "verified", "dead"]
Answer = Literal["right", "wrong", "expired", "dead"]
_ISO_DATE = re.compile(r"^(\d{4})-(\d\d)-(\d\d)$")


@dataclass(frozen=True)
class Otp:
    """Where the proof by one-time code of a draft stands: `purpose` names the step that is open, or the last one."""

    state: OtpState
    purpose: str
    tries_left: int


@dataclass(frozen=True)
class Draft:
    """A task under way in the backend: `fields` masked, `missing` fields and photos, `outcome` as it is said."""

    state: str
    consented: bool
    fields: dict[str, str]
    missing: tuple[str, ...]
    otp: Otp
    outcome: dict[str, Any]


def read(body: Any) -> Draft:
    """Return a draft as the backend sent it.

    Raises:
        ValueError: it is none.
    """
    try:
        otp = Otp(body["otp"]["state"], body["otp"]["purpose"], int(body["otp"]["tries_left"]))
        fields, missing = dict(body["fields"]), tuple(body["missing"])
        return Draft(body["state"], bool(body["consented"]), fields, missing, otp, _as_said(body["outcome"] or {}))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("unreadable draft") from error


def _as_said(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """Return an outcome with its ISO dates as people write them."""
    return {name: _ISO_DATE.sub(r"\3/\2/\1", value) if isinstance(value, str) else value for name, value in outcome.items()}
