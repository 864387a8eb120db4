"""`python -m actions`: the action server on loopback.

rasa-sdk's own command binds every interface by default, allows any origin, and answers an exception with the whole
request; this one does none of that.
"""

import logging
import sys
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Request, Sanic, response
from sanic.handlers import ErrorHandler
from sanic.response import BaseHTTPResponse, HTTPResponse

from actions import demo, logs
from actions.settings import Settings, UnusableSettings, from_environment

logger = logging.getLogger("actions")


class SilentErrors(ErrorHandler):
    """Answers errors by their kind only: the request holds a conversation and belongs into no log and no answer."""

    def response(self, request: Request, exception: BaseException) -> HTTPResponse:
        """Return the answer to a failed request."""
        status = int(getattr(exception, "status_code", 500))
        if status >= 500:
            logger.error("an action failed: %s", type(exception).__name__)
        return response.json({"error": type(exception).__name__}, status=status)


async def refuse_without_echo(_request: Any, answer: BaseHTTPResponse) -> HTTPResponse | None:
    """Say no in our own words: rasa-sdk's refusals name the action that was asked for, as the caller wrote it."""
    return None if answer.status < 400 else response.json({"error": "refused"}, status=answer.status)


def build(settings: Settings) -> Sanic[Any, Any]:
    """Return the server's app with every action of this package."""
    executor = ActionExecutor()
    executor.register_package("actions")
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])

    app.error_handler = SilentErrors()
    app.register_middleware(refuse_without_echo, "response")
    if settings.demo:
        demo.install(app, settings.backend_url)
    return app


def main() -> int:
    """Serve until a signal; return 1 when the settings cannot be used."""
    logs.configure("INFO")
    try:
        settings = from_environment()
    except UnusableSettings as error:
        print(f"actions: {error}", file=sys.stderr)
        return 1
    logs.configure(settings.log_level)
    build(settings).run(
        host="127.0.0.1", port=settings.port, single_process=True, access_log=False, motd=False, register_sys_signals=True
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
