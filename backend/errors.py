"""Everything the backend refuses, as one small exception tree; `api/problems.py` maps it to HTTP in one place."""

from typing import ClassVar


class BackendError(Exception):
    """A refusal the caller is told about.

    `code` and `status` are fixed by the subclass; `retry_after` is in seconds; `extras` go into the problem body.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, *, retry_after: int | None = None, **extras: object) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after
        self.extras = extras


class Unauthorized(BackendError):
    """No credential, a wrong one, or a sender assertion that is bad, missing or out of its time."""

    code, status = "unauthorized", 401


class NotFound(BackendError):
    """No such task, field or route."""

    code, status = "not_found", 404


class NoDraft(BackendError):
    """This conversation has no draft of the task."""

    code, status = "no_draft", 404


class BadRequest(BackendError):
    """The request itself is malformed (not a value a person typed)."""

    code, status = "bad_request", 400


class BadValue(BackendError):
    """A value a person typed cannot be what it should be; carries `field` and `reason`, never the value."""

    code, status = "bad_value", 422

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field=field, reason=reason)
        self.field = field
        self.reason = reason


class MissingFields(BackendError):
    """Fields still missing from the draft, listed in `missing`."""

    code, status = "missing_fields", 409


class NotVerified(BackendError):
    """The draft has no verified challenge that can be redeemed."""

    code, status = "not_verified", 409


class VerificationLost(NotVerified):
    """The challenge was verified and cannot be redeemed any more; what was written before it is committed."""


class DraftClosed(BackendError):
    """The draft is done, cancelled or expired."""

    code, status = "draft_closed", 409


class Conflict(BackendError):
    """The case was decided or changed meanwhile, or cannot be decided like this; `reason` says which."""

    code, status = "conflict", 409


class TooSoon(BackendError):
    """The wait between two sends is not over."""

    code, status = "too_soon", 429


class SendLimit(BackendError):
    """This challenge has no resends left."""

    code, status = "send_limit", 429


class DailyLimit(BackendError):
    """The self-service path is closed for this subject: too many sends or wrong answers."""

    code, status = "daily_limit", 429


class Paused(BackendError):
    """The breaker is open for new challenges."""

    code, status = "paused", 503


class Busy(BackendError):
    """The database or the hashing queue cannot take the request now."""

    code, status = "busy", 503


class Closed(BackendError):
    """The task is closed by a setting."""

    code, status = "closed", 503


class NotAnImage(BackendError):
    """What was sent is no JPEG, PNG or WebP, or a broken, cut or animated one."""

    code, status = "not_an_image", 422


class TooLarge(BackendError):
    """A picture of too many bytes or pixels."""

    code, status = "too_large", 413


class TooSmall(BackendError):
    """A picture of too few pixels to recognise anybody."""

    code, status = "too_small", 422


class KeyReused(BackendError):
    """The idempotency key was used for another request."""

    code, status = "key_reused", 422


class BadConfiguration(Exception):
    """The program must not start; the text is one line that says what to change."""
