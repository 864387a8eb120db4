"""Rendering of the upload page. The link's token is never written into it: every address on it is relative."""

from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader

from backend.account_page import render as account_page
from backend.account_page.texts import TEXTS as HOUSE_TEXTS
from backend.photos import KINDS
from backend.upload_page.texts import TEXTS

PREFIX = "/account/photos/"
# The address is a secret: nobody is told where the person came from.
HEADERS = {**account_page.HEADERS, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
FAILURES = {403: "not_ours", 404: "no_link", 413: "too_much", 429: "used_up", 503: "busy"}
RETRIED = ("not_ours", "too_much", "busy", "unread", "upload_broken")
_LOADERS = [PackageLoader("backend.upload_page"), PackageLoader("backend.account_page")]  # the base template is the house's
_pages = Environment(loader=ChoiceLoader(_LOADERS), autoescape=True)


def is_here(path: str) -> bool:
    """Whether the path is one of the upload page."""
    return path.startswith(PREFIX)


def page(name: str, lang: str, *, demo: bool, status: int = 200, **values: object) -> HTMLResponse:
    """One page in one language."""
    swap = "en" if lang == "vi" else "vi"
    texts = HOUSE_TEXTS[lang] | TEXTS[lang]
    html = _pages.get_template(f"{name}.html").render(t=texts, lang=lang, swap=swap, path="", demo=demo, kinds=KINDS, **values)
    return HTMLResponse(html, status, headers=HEADERS)


def failure(lang: str, *, demo: bool, status: int, retry_after: int | None = None) -> HTMLResponse:
    """The page that says in plain words what went wrong and what to do; the same for every link that opens nothing."""
    why = FAILURES.get(status, "unread" if status < 500 else "upload_broken")
    answer = page("upload_failed", lang, demo=demo, status=status, why=why, again=why in RETRIED)
    if retry_after is not None:
        answer.headers["Retry-After"] = str(retry_after)
    return answer
