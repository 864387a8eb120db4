"""Rendering of the account page with its headers; templates escape everything."""

from pathlib import Path

from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader

from backend.account_page.texts import TEXTS

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    # `no-referrer` would make browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
FORMS = {path: path for path in ("/account/", "/account/login", "/account/password", "/account/device")}
FORMS["/account/device/code"] = "/account/device"
"""Where one tries again after a failure, by where it happened."""
FAILURES = {404: "missing", 429: "failed", 503: "failed"}
_pages = Environment(loader=PackageLoader("backend.account_page"), autoescape=True)


def page(name: str, lang: str, path: str, *, demo: bool, status: int = 200, **values: object) -> HTMLResponse:
    """One page in one language; `path` is where its language switch points."""
    html = _pages.get_template(f"{name}.html").render(
        t=TEXTS[lang], lang=lang, swap="en" if lang == "vi" else "vi", path=path, demo=demo, **values
    )
    return HTMLResponse(html, status, headers=HEADERS)


def go(path: str, lang: str, note: str = "") -> RedirectResponse:
    """On to another page of the account; `note` names what is said there."""
    query = f"?lang={lang}" + (f"&note={note}" if note else "")
    return RedirectResponse(f"/account/{path}{query}", 303, headers={"Cache-Control": "no-store"})


def failure(lang: str, path: str, *, demo: bool, status: int, retry_after: int | None) -> HTMLResponse:
    """The page that says in plain words what went wrong and where to go on."""
    why = FAILURES.get(status, "refused" if status < 500 else "broken")
    here = FORMS.get(path, "/account/login")
    answer = page("failed", lang, here, demo=demo, status=status, why=why, button="retry" if path in FORMS else "back")
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer
