"""Routes of the account page."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from backend import account_own, login, sessions
from backend.account_page import device, guard, render
from backend.account_page.texts import TEXTS, duration, language
from backend.accounts import Account
from backend.api.access import CoreDep
from backend.clock import iso
from backend.core import Core
from backend.identifiers import masked, national

Typed = Annotated[str, Form(max_length=1024)]
NOTES = ("ended", "displaced", "attempt_over", "left", "changed", "form_old")
router = APIRouter(prefix="/account", include_in_schema=False)


def _account(core: Core, seen: guard.Visitor) -> Account | None:
    if not seen.token:
        return None
    with core.writing() as unit:
        return sessions.whose(core, unit, seen.token)


def _why_out(core: Core, seen: guard.Visitor) -> str:
    """What the login page says to a browser whose session is gone; nothing to one that never had one."""
    if not seen.token:
        return ""
    with core.database.read() as conn:
        return "displaced" if sessions.was_displaced(conn, seen.token) else "ended"


@router.get("/style.css")
def style() -> Response:
    """The one style sheet."""
    return Response(render.STYLE, media_type="text/css", headers={"Cache-Control": "max-age=300"})


@router.get("/login")
def login_form(request: Request, core: CoreDep, lang: str = "vi", note: str = "") -> Response:
    """The form to log in."""
    return _login_page(core, request, language(lang), note=note if note in NOTES else "")


@router.post("/login")
def login_send(
    request: Request,
    core: CoreDep,
    code: Typed = "",
    password: Typed = "",
    csrf: Typed = "",
    lang: str = "vi",
) -> Response:
    """Judge code and password."""
    lang = language(lang)
    seen = guard.visitor(core, request)
    if not guard.form_is_ours(core, request, seen, csrf):
        return _login_page(core, request, lang, note="form_old", status=403)
    result = login.attempt(core, code, password, seen.device, seen.mark, seen.attempt)
    if result.outcome in ("code", "held"):
        return device.ask(core, seen, result.attempt, lang)
    if result.outcome != "in":
        wait = duration(lang, result.wait_s)
        status = 429 if result.outcome == "wait" else 401
        page = _login_page(core, request, lang, error=result.outcome, wait=wait, status=status)
        if result.outcome == "wait":
            page.headers["Retry-After"] = str(result.wait_s)
        return page
    answer = render.go("", lang)
    guard.set_session(core, answer, result.token)
    guard.drop_attempt(core, answer, seen)
    guard.remember_device(core, answer, seen.device, login.device_mark(core, seen.device, result.subject))
    return answer


@router.get("")
def bare() -> Response:
    """The address as people type it."""
    return RedirectResponse("/account/", 303)


@router.get("/")
def home(request: Request, core: CoreDep, lang: str = "vi") -> Response:
    """Who is logged in, masked."""
    lang = language(lang)
    seen = guard.visitor(core, request)
    account = _account(core, seen)
    if account is None:
        return render.go("login", lang, _why_out(core, seen))
    if login.must_change(core, account, core.clock.now()):
        return render.go("password", lang)
    profile = account.profile
    facts = {
        "name": profile.full_name,
        "code": masked("code", profile.bhxh_code),
        "email": masked("email", profile.email) if profile.email else TEXTS[lang]["none"],
        "phone": masked("phone", national(profile.phone)) if profile.phone else TEXTS[lang]["none"],
        "set_at": "/".join(reversed(iso(account.password_set_at)[:10].split("-"))),
    }
    csrf = guard.form_token(core, seen)
    return render.page("home", lang, "/account/", demo=core.settings.demo, facts=facts, csrf=csrf)


@router.post("/logout")
def logout(request: Request, core: CoreDep, csrf: Typed = "", lang: str = "vi") -> Response:
    """End the session."""
    lang = language(lang)
    seen = guard.visitor(core, request)
    if not guard.form_is_ours(core, request, seen, csrf):
        return _login_page(core, request, lang, note="form_old", status=403)
    with core.writing() as unit:
        sessions.end(unit, seen.token)
    answer = render.go("login", lang, "left")
    guard.drop_session(core, answer)
    return answer


@router.get("/password")
def password_form(request: Request, core: CoreDep, lang: str = "vi") -> Response:
    """The form to change the password."""
    lang = language(lang)
    seen = guard.visitor(core, request)
    account = _account(core, seen)
    if account is None:
        return render.go("login", lang, _why_out(core, seen))
    return _password_page(core, seen, account, lang)


@router.post("/password")
def password_send(
    request: Request,
    core: CoreDep,
    new: Typed = "",
    again: Typed = "",
    current: Typed = "",
    csrf: Typed = "",
    lang: str = "vi",
) -> Response:
    """Change the password; every session ends, also this one."""
    lang = language(lang)
    seen = guard.visitor(core, request)
    account = _account(core, seen)
    if account is None:
        return render.go("login", lang, _why_out(core, seen))
    if not guard.form_is_ours(core, request, seen, csrf):
        return _password_page(core, seen, account, lang, error="form_old", status=403)
    change = account_own.PasswordChange(current=current, new=new, again=again, lang=lang)
    refusal = account_own.change_password(core, account, change)
    if refusal is None:
        answer = render.go("login", lang, "changed")
        guard.drop_session(core, answer)
        return answer
    if refusal.reason == "ended":
        return render.go("login", lang, _why_out(core, seen))
    if refusal.reason == "wait":
        page = _password_page(core, seen, account, lang, error="wait", wait=duration(lang, refusal.wait_s), status=429)
        page.headers["Retry-After"] = str(refusal.wait_s)
        return page
    return _password_page(core, seen, account, lang, error=refusal.reason, status=422)


def _login_page(
    core: Core,
    request: Request,
    lang: str,
    *,
    error: str = "",
    note: str = "",
    wait: str = "",
    status: int = 200,
) -> Response:
    seen = guard.visitor(core, request)
    csrf = guard.form_token(core, seen)
    text = TEXTS[lang][error].format(wait=wait) if error else ""
    page = render.page(
        "login",
        lang,
        "/account/login",
        demo=core.settings.demo,
        status=status,
        error=text,
        note=TEXTS[lang][note] if note else "",
        warning=note == "displaced",
        csrf=csrf,
    )
    guard.remember_device(core, page, seen.device, seen.mark)
    return page


def _password_page(
    core: Core, seen: guard.Visitor, account: Account, lang: str, *, error: str = "", wait: str = "", status: int = 200
) -> Response:
    now = core.clock.now()
    forced = login.must_change(core, account, now)
    why = "forced_temporary" if account.password_temporary else "forced_age"
    return render.page(
        "password",
        lang,
        "/account/password",
        demo=core.settings.demo,
        status=status,
        error=TEXTS[lang][error].format(wait=wait) if error else "",
        forced=TEXTS[lang][why] if forced else "",
        ask_current=account_own.asks_current(account),
        csrf=guard.form_token(core, seen),
    )
