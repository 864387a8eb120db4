"""Cookies, CSRF token and Origin check of the account page."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request, Response

from backend.core import Core

DEVICE_LIFE_S = 365 * 86_400


@dataclass(frozen=True)
class Visitor:
    """The browser that asks: its device id, the mark of an earlier login, its session token, the login that waits in it.

    What it has not is empty.
    """

    device: str
    mark: str
    token: str
    attempt: str


def _secure(core: Core) -> bool:
    return core.settings.public_url.startswith("https://")


def _name(core: Core, name: str) -> str:
    return f"__Host-{name}" if _secure(core) else name


def visitor(core: Core, request: Request) -> Visitor:
    """What the cookies say; a device id is made when there is none."""
    device, _, mark = request.cookies.get(_name(core, "device"), "").partition(".")
    if not re.fullmatch(r"[A-Za-z0-9_-]{22}", device):
        device, mark = core.keys.token(16), ""
    token, attempt = (request.cookies.get(_name(core, name), "") for name in ("account", "attempt"))
    return Visitor(device, mark, token, attempt)


def _set(core: Core, response: Response, name: str, value: str, life_s: int | None) -> None:
    response.set_cookie(
        _name(core, name),
        value,
        max_age=life_s,
        path="/",
        secure=_secure(core),
        httponly=True,
        samesite="strict",
    )


def remember_device(core: Core, response: Response, device: str, mark: str) -> None:
    """Set the device cookie."""
    _set(core, response, "device", f"{device}.{mark}", DEVICE_LIFE_S)


def set_session(core: Core, response: Response, token: str) -> None:
    """Set the session cookie; it ends with the browser, and earlier by the server's clock."""
    _set(core, response, "account", token, None)


def drop_session(core: Core, response: Response) -> None:
    """Let the browser forget the session."""
    _set(core, response, "account", "", 0)


def set_attempt(core: Core, response: Response, attempt: str) -> None:
    """Set the cookie of a login that waits for its code; it ends no later than that does."""
    _set(core, response, "attempt", attempt, core.settings.login_pending_life_s)


def drop_attempt(core: Core, response: Response, seen: Visitor) -> None:
    """Let the browser forget a login that waited, where there is one."""
    if seen.attempt:
        _set(core, response, "attempt", "", 0)


def form_token(core: Core, seen: Visitor) -> str:
    """The CSRF token of this device and session."""
    return core.keys.mac("csrf", seen.device, seen.token)


def form_is_ours(core: Core, request: Request, seen: Visitor, given: str) -> bool:
    """Whether a POST came from our own page: right token, and an Origin that is ours (constant, never from Host)."""
    known = {core.settings.public_url}
    if core.settings.demo:
        port = core.settings.backend_port
        known |= {f"http://127.0.0.1:{port}", f"http://localhost:{port}"}
    origin = request.headers.get("origin", "")
    same_place = origin in known and bool(urlsplit(origin).hostname)
    return same_place and core.keys.is_mac(given, "csrf", seen.device, seen.token)
