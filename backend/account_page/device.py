"""The page that asks for a one-time code, because the account is in use on another device."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from backend import login, pending_login, sessions
from backend.account_page import guard, render
from backend.account_page.texts import TEXTS, duration, language
from backend.api.access import CoreDep
from backend.api.views import otp_view
from backend.assertion import Sender
from backend.core import Core
from backend.errors import BackendError, Closed, DailyLimit, DraftClosed, NoDraft, NotVerified, Paused, SendLimit, TooSoon
from backend.identifiers import national
from backend.tasks.second_device import SECOND_DEVICE

Typed = Annotated[str, Form(max_length=1024)]
REFUSED = (Closed, DailyLimit, Paused, SendLimit, TooSoon)
OVER = (DraftClosed, NoDraft, NotVerified)
PHONE_TAIL = 3  # digits of the phone on file that are shown
router = APIRouter(prefix="/account", include_in_schema=False)


def ask(core: Core, seen: guard.Visitor, attempt: str, lang: str) -> Response:
    """After the right password: send a code and ask for it; without `attempt` say how else one gets in."""
    if not attempt:
        return _page(core, seen, lang, error=_text(core, lang, "held"), status=409)
    sender = pending_login.waiting(seen.device, attempt, lang)
    # A code that is out already goes on: typing the password again sends no second one.
    page = render.go("device", lang) if attempt == seen.attempt else _send(core, seen, sender, lang)
    guard.set_attempt(core, page, attempt)
    return page


@router.get("/device")
def code_form(request: Request, core: CoreDep, lang: str = "vi") -> Response:
    """The form for the code."""
    lang = language(lang)
    seen = guard.visitor(core, request)
    return _waiting_page(core, seen, _sender(seen, lang), lang)


@router.post("/device")
def code_send(request: Request, core: CoreDep, otp: Typed = "", csrf: Typed = "", lang: str = "vi") -> Response:
    """Judge the code; the right one logs this device in and the other one out."""
    lang = language(lang)
    seen = guard.visitor(core, request)
    sender = _sender(seen, lang)
    if not guard.form_is_ours(core, request, seen, csrf):
        return _waiting_page(core, seen, sender, lang, error="form_old", status=403)
    try:
        judged = pending_login.answer(core, sender, otp)
    except REFUSED as refusal:
        return _refused(core, seen, sender, lang, refusal)
    except OVER:
        return render.go("device", lang)  # where it is said whether this login is over, or through by a second click
    if judged.result != "right":
        return _waiting_page(core, seen, sender, lang, error=f"otp_{judged.result}", status=422)
    answer = render.go("", lang)
    guard.set_session(core, answer, judged.token)
    guard.drop_attempt(core, answer, seen)
    subject = login.login_subject(core, judged.account_id, "")
    guard.remember_device(core, answer, seen.device, login.device_mark(core, seen.device, subject))
    return answer


@router.post("/device/code")
def code_again(request: Request, core: CoreDep, csrf: Typed = "", lang: str = "vi") -> Response:
    """Send a new code."""
    lang = language(lang)
    seen = guard.visitor(core, request)
    sender = _sender(seen, lang)
    if not guard.form_is_ours(core, request, seen, csrf):
        return _waiting_page(core, seen, sender, lang, error="form_old", status=403)
    return _send(core, seen, sender, lang)


def _sender(seen: guard.Visitor, lang: str) -> Sender:
    return pending_login.waiting(seen.device, seen.attempt, lang)


def _send(core: Core, seen: guard.Visitor, sender: Sender, lang: str) -> Response:
    try:
        pending_login.send(core, sender)
    except REFUSED as refusal:
        return _refused(core, seen, sender, lang, refusal)
    except OVER:
        pass  # the page says so
    return render.go("device", lang)


def _refused(core: Core, seen: guard.Visitor, sender: Sender, lang: str, refusal: BackendError) -> Response:
    page = _waiting_page(core, seen, sender, lang, error=refusal.code, wait_s=refusal.retry_after or 0, status=refusal.status)
    if refusal.retry_after is not None:
        page.headers["Retry-After"] = str(refusal.retry_after)
    return page


def _waiting_page(
    core: Core, seen: guard.Visitor, sender: Sender, lang: str, *, error: str = "", wait_s: int = 0, status: int = 200
) -> Response:
    now = core.clock.now()
    with core.database.read() as conn:
        try:
            pending = pending_login.find(core, conn, sender, now)
        except NoDraft:
            return _over(core, seen, lang)
        otp = otp_view(core, conn, SECOND_DEVICE, pending.draft, now)
    texts = TEXTS[lang]
    phone = pending.account.profile.phone
    to = texts["to_sms"].format(tail=national(phone)[-PHONE_TAIL:]) if pending.by == "sms" and phone else texts["to_email"]
    if not error and otp.state == "sent" and not pending.is_answerable:
        error = "otp_expired"
    elif error == "otp_wrong" and otp.state == "dead":
        error = "otp_spent"
    return _page(
        core,
        seen,
        lang,
        error=_text(core, lang, error, wait=duration(lang, wait_s), n=str(otp.tries_left)) if error else "",
        status=status,
        to=to if otp.state == "sent" else "",
        answerable=pending.is_answerable,
        resendable=otp.resends_left > 0 or otp.state != "sent",
        wait=duration(lang, otp.resend_in_s) if otp.resend_in_s else "",
    )


def _over(core: Core, seen: guard.Visitor, lang: str) -> Response:
    with core.writing() as unit:
        through = bool(seen.token) and sessions.whose(core, unit, seen.token) is not None
    answer = render.go("", lang) if through else render.go("login", lang, "attempt_over")
    guard.drop_attempt(core, answer, seen)
    return answer


def _text(core: Core, lang: str, name: str, **values: str) -> str:
    idle = duration(lang, core.settings.login_idle_s)
    return TEXTS[lang][name].format(idle=idle, life=duration(lang, core.settings.otp_life_s), **values)


def _page(core: Core, seen: guard.Visitor, lang: str, *, error: str, status: int, **shown: object) -> Response:
    return render.page(
        "device",
        lang,
        "/account/device",
        demo=core.settings.demo,
        status=status,
        error=error,
        other_ways=_text(core, lang, "other_ways") if shown else "",
        hint=_text(core, lang, "otp_hint"),
        csrf=guard.form_token(core, seen),
        **shown,
    )
