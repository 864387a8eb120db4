"""The door of the web channel: who may post, how much, how often, and what a browser may do with the answer."""

import json
import logging
from typing import Any, Dict, Optional
from urllib.parse import urlsplit

from sanic import Sanic, response
from sanic.exceptions import PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.channels.rates import QueueFull, TooMany

logger = logging.getLogger(__name__)

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)


LARGEST_BODY = 1024 * 1024
"""Bytes of any request but an upload; a provider may put a thousand events into one."""


class Refused(Exception):
    """A request that is answered with an error: HTTP status, a code for programs, a sentence for people."""

    def __init__(self, status: int, code: str, message: str, retry_after_s: Optional[int] = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after_s = retry_after_s


def problem(error: Refused) -> HTTPResponse:
    """Return the answer to a refused request."""
    headers = {"Retry-After": str(error.retry_after_s)} if error.retry_after_s else {}
    body = {"error": {"code": error.code, "message": error.message}}
    return response.json(body, status=error.status, headers=headers)


class Gate:
    """Checks that hold for every route of the chat page.

    `secure` says that the public address is https: the cookie is then bound to the host and never sent in clear.
    `trusted_proxies` is how many proxies of ours stand before this server; only their X-Forwarded-For counts.
    """

    def __init__(self, secure: bool, max_body: int, trusted_proxies: int) -> None:
        self._secure = secure
        self._trusted_proxies = trusted_proxies
        self._max_body = max_body
        self._cookie_name = "__Host-cb" if secure else "cb"

    def guard(self, app: Sanic) -> None:
        """Hold for the whole server: hardened answers, errors in one shape, and no word of Rasa at its root."""

        async def root(request: Request) -> Optional[HTTPResponse]:
            return response.redirect("/chat/") if request.path == "/" else None

        async def harden(request: Request, answer: HTTPResponse) -> None:
            is_file = request.path.rpartition("/")[2].count(".") == 1
            self.harden(answer, "no-cache" if is_file else "no-store")

        async def failed(request: Request, error: Exception) -> HTTPResponse:
            if isinstance(error, Refused):
                return problem(error)
            if isinstance(error, TooMany):
                return problem(Refused(429, "too_many", "too many requests, please wait", retry_after_s=error.wait_s))
            if isinstance(error, QueueFull):
                return problem(Refused(429, "queue_full", "too many messages are waiting", retry_after_s=2))
            if isinstance(error, PayloadTooLarge):
                return problem(Refused(413, "too_long", f"at most {self._max_body} bytes"))
            if isinstance(error, SanicException) and error.status_code < 500:
                code = {404: "not_found", 405: "bad_method"}.get(error.status_code, "bad_request")
                return problem(Refused(error.status_code, code, "there is nothing here for this request"))
            logger.error("a request failed: %s", type(error).__name__)
            return problem(Refused(503, "unavailable", "please try again in a moment", retry_after_s=5))

        app.register_middleware(root, "request")
        app.register_middleware(harden, "response")
        app.error_handler.add(Exception, failed)
        app.config.REQUEST_MAX_SIZE = LARGEST_BODY
        app.config.PROXIES_COUNT = self._trusted_proxies

    def post(self, request: Request) -> Dict[str, Any]:
        """Return the JSON object of a POST.

        Raises:
            Refused: 403 without the header or from another origin, 413 too long, 400 not a JSON object.
        """
        self.from_page(request)
        if request.headers.get("Content-Type", "").split(";")[0].strip().lower() != "application/json":
            raise Refused(400, "not_json", "send application/json")
        if len(request.body) > self._max_body:
            raise Refused(413, "too_long", f"at most {self._max_body} bytes")
        try:
            body = json.loads(request.body.decode("utf-8"))
        except (ValueError, RecursionError):
            raise Refused(400, "not_json", "the body is not JSON") from None
        if not isinstance(body, dict):
            raise Refused(400, "not_json", "the body is not a JSON object")
        return body

    def from_page(self, request: Request) -> None:
        """Refuse what another site's page started.

        Raises:
            Refused: 403, also when the browser says nothing about where the request comes from.
        """
        if request.headers.get("X-CB") != "1":
            raise Refused(403, "no_header", "the header X-CB: 1 is missing")
        if not self._says_same_origin(request):
            raise Refused(403, "other_origin", "requests come from the chat page itself")

    def not_foreign(self, request: Request) -> None:
        """Refuse a read that a browser says another site started; other clients may say nothing.

        Raises:
            Refused: 403.
        """
        says = "Sec-Fetch-Site" in request.headers or "Origin" in request.headers
        if says and not self._says_same_origin(request):
            raise Refused(403, "other_origin", "requests come from the chat page itself")

    def caller(self, request: Request) -> str:
        """Return the caller's address: the proxy's word for it where a proxy is trusted (TRUSTED_PROXIES)."""
        return request.remote_addr or request.ip

    def cookie(self, request: Request) -> Optional[str]:
        """Return the session cookie's value, None without one."""
        value = request.cookies.get(self._cookie_name)
        return str(value) if value else None

    def set_cookie(self, answer: HTTPResponse, value: str) -> None:
        """Hand the session cookie out; the browser forgets it when it closes."""
        answer.headers.add("Set-Cookie", f"{self._cookie_name}={value}{self._attributes()}")

    def drop_cookie(self, answer: HTTPResponse) -> None:
        """Take the session cookie back."""
        answer.headers.add("Set-Cookie", f"{self._cookie_name}={self._attributes()}; Max-Age=0")

    def harden(self, answer: HTTPResponse, caching: str) -> None:
        """Set the headers of every answer: strict policy, no sniffing; data is not stored, the page's files are checked."""
        answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Permissions-Policy"] = "microphone=(), camera=(), geolocation=()"
        answer.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        answer.headers.setdefault("Cache-Control", caching)
        if self._secure:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"

    @staticmethod
    def _says_same_origin(request: Request) -> bool:
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        return bool(site == "same-origin" if site is not None else _host(origin) == request.headers.get("Host"))

    def _attributes(self) -> str:
        return "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if self._secure else "")


def _host(origin: Optional[str]) -> Optional[str]:
    return urlsplit(origin).netloc if origin else None
