"""The fake OAuth of Zalo: `POST /v4/oa/access_token`, whose refresh tokens work once."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel

from tests.fakes.failures import stall
from tests.fakes.provider import Json

if TYPE_CHECKING:
    from tests.fakes.zalo import Zalo

ACCESS_S = 90_000
"""25 hours, as Zalo answers in `expires_in`."""
REFRESH_S = 90 * 24 * 3600
"""Three months."""
CODE_S = 600
"""A code of consent; the ten minutes are from memory."""


@dataclass
class Tokens:
    """Every token that was ever given out, with the time in seconds when it ends; a used refresh token ends at once."""

    access: dict[str, float] = field(default_factory=dict)
    refresh: dict[str, float] = field(default_factory=dict)
    codes: dict[str, tuple[float, str]] = field(default_factory=dict)
    """Codes of consent: when each ends, and the challenge its verifier must match, if there was one."""
    used: set[str] = field(default_factory=set)
    issued: int = 0

    def issue(self, zalo: "Zalo") -> Json:
        """Return a new pair as Zalo answers it."""
        now, self.issued = zalo.clock.now(), self.issued + 1
        access, refresh = zalo.new_id("access-"), zalo.new_id("refresh-")
        self.access[access], self.refresh[refresh] = now + ACCESS_S, now + REFRESH_S
        return {"access_token": access, "refresh_token": refresh, "expires_in": str(ACCESS_S)}

    def newest(self) -> Json:
        """Return the pair that was issued last."""
        return {"access_token": list(self.access)[-1], "refresh_token": list(self.refresh)[-1], "issued": self.issued}

    def end(self, which: str) -> None:
        """Let all `access` or all `refresh` tokens end now."""
        tokens = self.access if which == "access" else self.refresh
        for token in tokens:
            tokens[token] = 0


class Consent(BaseModel):
    """An admin of the account consents in a browser; the challenge is base64url(SHA-256(verifier)) without padding."""

    code_challenge: str = ""


class Expired(BaseModel):
    """What ends now: `access` or `refresh`."""

    which: str = "access"


class OAuthError(Exception):
    """A refusal; it comes with HTTP 200. The three fields are sure, their numbers are from memory."""

    def __init__(self, code: int, name: str) -> None:
        super().__init__(name)
        self.code, self.name = code, name


def oauth(zalo: "Zalo") -> APIRouter:
    """Return the routes of OAuth, and those by which tests play the admin and the time."""
    routes = APIRouter()

    @routes.post("/v4/oa/access_token")
    async def access_token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        failure = zalo.failures.take("oauth")
        if failure and failure.how != "lost":
            if failure.how == "hang":
                await stall(request)
            if failure.how == "garbage":
                return PlainTextResponse("<html></html>", media_type="text/html")
            if failure.how == "code":
                return _refused(zalo, OAuthError(failure.code, "This was ordered."))
            return PlainTextResponse("Internal Server Error", 500)
        try:
            _check(zalo, request, form)
            pair = _exchange(zalo, form)
        except OAuthError as error:
            return _refused(zalo, error)
        zalo.journal.call("/v4/oa/access_token", 200, 0, {"grant_type": form["grant_type"]})
        if failure:
            await stall(request)
        return JSONResponse(pair)

    @routes.post("/fake/consent")
    async def consent(given: Consent) -> Json:
        code = zalo.new_id("code-")
        zalo.tokens.codes[code] = (zalo.clock.now() + CODE_S, given.code_challenge)
        return {"code": code}

    @routes.get("/fake/tokens")
    async def tokens() -> Json:
        return zalo.tokens.newest()

    @routes.post("/fake/tokens")
    async def new_tokens() -> Json:
        return zalo.tokens.issue(zalo)

    @routes.post("/fake/expire")
    async def expire(expired: Expired) -> Json:
        zalo.tokens.end(expired.which)
        return {"ended": expired.which}

    return routes


def _refused(zalo: "Zalo", error: OAuthError) -> Response:
    zalo.journal.call("/v4/oa/access_token", 200, error.code, None)
    return JSONResponse({"error": error.code, "error_name": error.name, "error_description": error.name})


def _check(zalo: "Zalo", request: Request, form: dict[str, str]) -> None:
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise OAuthError(-14003, "Invalid content type.")
    if not hmac.compare_digest(request.headers.get("secret_key", "").encode(), zalo.access.app_secret.encode()):
        raise OAuthError(-14004, "Invalid secret key.")
    if form.get("app_id") != zalo.access.app_id:
        raise OAuthError(-14002, "Invalid app id.")
    if form.get("grant_type") not in ("refresh_token", "authorization_code"):
        raise OAuthError(-14005, "Invalid grant type.")


def _exchange(zalo: "Zalo", form: dict[str, str]) -> Json:
    tokens, now = zalo.tokens, zalo.clock.now()
    if form["grant_type"] == "authorization_code":
        ends, challenge = tokens.codes.pop(form.get("code", ""), (0.0, ""))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if ends <= now or (challenge and urlsafe_b64encode(digest).decode().rstrip("=") != challenge):
            raise OAuthError(-14010, "Invalid code or code verifier.")
        return tokens.issue(zalo)
    given = form.get("refresh_token", "")
    if given in tokens.used:
        zalo.journal.fault("refresh_token_used_twice", "a refresh token works once; now an admin must consent again")
    if tokens.refresh.get(given, 0) <= now:
        raise OAuthError(-14014, "Invalid refresh token.")
    tokens.refresh[given] = 0
    tokens.used.add(given)
    return tokens.issue(zalo)
