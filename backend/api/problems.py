"""The one place where refusals become HTTP: RFC 9457 problems, in the caller's language, with what to do next."""

import logging
import traceback
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend import upload_page
from backend.account_page.render import failure
from backend.account_page.texts import language as page_language
from backend.errors import BackendError
from backend.keys import Keys

log = logging.getLogger("backend")
MEDIA_TYPE = "application/problem+json"

# What the person (or the calling program) is told, by code: Vietnamese, English.
DETAILS: dict[str, tuple[str, str]] = {
    "unauthorized": ("Yêu cầu không được xác thực.", "The request is not authenticated."),
    "not_found": ("Không có mục này.", "There is no such thing here."),
    "no_draft": ("Chưa có yêu cầu nào, hãy bắt đầu lại.", "Nothing has been started yet; begin again."),
    "bad_request": ("Yêu cầu không hợp lệ.", "The request is malformed."),
    "bad_value": (
        "Giá trị chưa đúng dạng, hãy nhập lại.",
        "The value is not in the right form; please give it again.",
    ),
    "missing_fields": (
        "Còn thiếu thông tin, hãy nhập nốt.",
        "Some details are still missing; please give them.",
    ),
    "not_verified": (
        "Chưa xác thực được, hãy nhập mã xác thực mới.",
        "This is not verified; ask for a new code and enter it.",
    ),
    "too_soon": (
        "Vừa gửi mã xong, hãy đợi một chút rồi yêu cầu lại.",
        "A code was just sent; wait a little.",
    ),
    "send_limit": (
        "Đã hết lượt gửi lại mã, hãy bắt đầu lại từ đầu.",
        "No more codes can be sent for this request; start again.",
    ),
    "daily_limit": (
        "Đã quá số lần cho phép. Hãy thử lại sau, hoặc gọi 1900 9068 hay đến cơ quan BHXH.",
        "The limit is reached. Try again later, call 1900 9068 or go to a social security office.",
    ),
    "draft_closed": ("Yêu cầu này đã kết thúc, hãy bắt đầu lại.", "This request has ended; begin again."),
    "paused": (
        "Dịch vụ tạm dừng nhận yêu cầu mới, hãy thử lại sau ít phút.",
        "New requests are paused for safety; try again in a few minutes.",
    ),
    "busy": ("Hệ thống đang bận, hãy thử lại sau giây lát.", "The system is busy; try again in a moment."),
    "not_an_image": (
        "Tệp này không phải ảnh JPG, PNG hoặc WebP, hoặc đã hỏng. Hãy chụp lại và gửi ảnh khác.",
        "This file is not a JPG, PNG or WebP picture, or it is damaged. Take the picture again and send it.",
    ),
    "too_large": (
        "Ảnh quá lớn (tối đa 8 MB và 24 megapixel). Hãy chụp lại ở kích thước nhỏ hơn.",
        "The picture is too large (at most 8 MB and 24 megapixels). Take it again at a smaller size.",
    ),
    "too_small": (
        "Ảnh quá nhỏ (mỗi cạnh cần ít nhất 200 điểm ảnh). Hãy gửi ảnh gốc hoặc chụp lại gần hơn.",
        "The picture is too small (each side needs at least 200 pixels). Send the original or take it again.",
    ),
    "key_reused": ("Khóa yêu cầu đã được dùng.", "The idempotency key was used for another request."),
    "conflict": (
        "Hồ sơ đã được xử lý hoặc vừa thay đổi, hãy xem lại.",
        "The case was decided or has changed; look at it again.",
    ),
    "closed": (
        "Chức năng này đang tạm đóng, hãy gọi 1900 9068.",
        "This service is closed for now; call 1900 9068.",
    ),
    "internal": (
        "Có lỗi ở phía chúng tôi, hãy thử lại sau.",
        "Something failed on our side; try again later.",
    ),
}


def problem(
    code: str,
    status: int,
    lang: str,
    *,
    retry_after: int | None = None,
    extras: dict[str, object] | None = None,
) -> JSONResponse:
    """One problem document; `retry_after` in seconds goes into header and body."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": DETAILS[code][1 if lang == "en" else 0],
        "code": code,
        **(extras or {}),
    }
    headers = {"Cache-Control": "no-store"}
    if retry_after is not None:
        body["retry_after_s"] = retry_after
        headers["Retry-After"] = str(retry_after)
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def language(request: Request) -> str:
    """The language of the verified assertion, Vietnamese before that."""
    lang = getattr(request.state, "lang", "vi")
    return lang if isinstance(lang, str) else "vi"


def is_for_people(path: str) -> bool:
    """Whether somebody reads the answer in a browser."""
    return path == "/account" or path.startswith("/account/")


def for_people(scope: Scope, status: int, retry_after: int | None = None) -> Response:
    """The refusal as a page, in the language of the address that was asked for."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]
    demo = scope["app"].state.core.settings.demo
    if upload_page.is_here(scope["path"]):
        return upload_page.failure(page_language(asked), demo=demo, status=status, retry_after=retry_after)
    return failure(page_language(asked), scope["path"], demo=demo, status=status, retry_after=retry_after)


def refusal(code: str, scope: Scope, status: int, lang: str = "vi", **more: Any) -> Response:
    """A page where somebody reads it in a browser, a problem everywhere else."""
    if is_for_people(scope["path"]):
        return for_people(scope, status, more.get("retry_after"))
    return problem(code, status, lang, **more)


def install(app: FastAPI) -> None:
    """Map our refusals, the framework's, and malformed bodies."""

    @app.exception_handler(BackendError)
    def refused(request: Request, error: BackendError) -> Response:
        more = {"retry_after": error.retry_after, "extras": error.extras}
        return refusal(error.code, request.scope, error.status, language(request), **more)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        places = (".".join(str(part) for part in _our_names(item)) for item in error.errors())
        where = list(dict.fromkeys(places))  # once each: a thousand odd members make no long answer
        return refusal("bad_request", request.scope, 422, language(request), extras={"where": where})

    @app.exception_handler(HTTPException)
    def framework(request: Request, error: HTTPException) -> Response:
        code = "not_found" if error.status_code == 404 else "bad_request"
        refused = refusal(code, request.scope, error.status_code, language(request))
        if error.status_code == 405:
            refused.headers["Allow"] = ", ".join(_methods(request))
        return refused


def _methods(request: Request) -> list[str]:
    """Every method the path has; the framework would name those of the first route that has it only."""
    routes = request.app.routes
    asked = ({**request.scope, "method": method} for method in ("DELETE", "GET", "POST", "PUT"))
    return [scope["method"] for scope in asked if any(route.matches(scope)[0] is Match.FULL for route in routes)]


def _our_names(item: dict[str, Any]) -> tuple[object, ...]:
    """Where a body is wrong, without the name of a member that we did not declare: it is the caller's text."""
    location = tuple(item["loc"])
    return location[:-1] if item["type"] == "extra_forbidden" else location


class LastResort:
    """Turns an unforeseen failure into a problem with an id; logs where it happened, never with what values."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self.app = app
        self.keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                # The route, not the path: that one is the caller's. The demo's clock is asked at every step of a chat.
                if not scope["path"].startswith("/demo/"):
                    log.debug("%s: %d", getattr(scope.get("route"), "path", "no route"), message["status"])
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http":
                raise
            failed = self.keys.row_id()
            frames = traceback.extract_tb(error.__traceback__)[-6:]
            where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
            log.error("internal %s %s at %s", failed, type(error).__name__, where)
            if not started:
                await refusal("internal", scope, 500, extras={"id": failed})(scope, receive, send)
