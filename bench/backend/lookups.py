"""What is timed: everything that is looked up or written for one question, each as a preparation and a call."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Column, select

from backend import accounts, answers, applications, challenges, drafts, login, submission
from backend.api.views import draft_view
from backend.core import Core
from backend.directory.book import book
from backend.directory.inquiry import Inquiry
from backend.official.verdict import judge
from backend.schema import applications as application_table
from backend.schema import change_requests
from backend.tasks import TASKS
from bench.backend.persons import RESET, asked, drafted, people, sender
from bench.backend.stock import Stock

SEARCH = TASKS["code_search"]
Call = Callable[[], object]


@dataclass(frozen=True)
class Lookup:
    """`on` makes of a database a source of calls: each is prepared when it is drawn, and timed when it is called."""

    name: str
    on: Callable[[Stock], Callable[[], Call]]
    share: float = 1.0
    """Of the calls of a round; hashing a password takes fifty milliseconds."""


def _by_code(stock: Stock) -> Callable[[], Call]:
    whom, core = people(stock), stock.core

    def draw() -> Call:
        code = next(whom).bhxh_code
        return lambda: _read(core, code)

    return draw


def _by_person(stock: Stock) -> Callable[[], Call]:
    whom, core = people(stock), stock.core

    def draw() -> Call:
        number = str(next(whom).personal_id)
        return lambda: _read(core, number)

    return draw


def _read(core: Core, code: str) -> None:
    with core.database.read() as conn:
        accounts.find(core, conn, code)


def _code_search(stock: Stock) -> Callable[[], Call]:
    whom, core = people(stock), stock.core

    def draw() -> Call:
        who, profile = sender(), next(whom)
        said = {"full_name": profile.full_name, "dob": profile.dob, "id_number": profile.personal_id, "province": "Hà Nội"}
        with core.writing() as unit:
            drafts.open_or_resume(core, unit, who, SEARCH)
            for name, value in said.items():
                drafts.set_field(core, unit, who, SEARCH, name, str(value))

        def call() -> None:
            with core.writing() as unit:
                submission.submit(core, unit, who, SEARCH, None)

        return call

    return draw


def _open_draft(stock: Stock) -> Callable[[], Call]:
    core = stock.core

    def draw() -> Call:
        who = sender()

        def call() -> None:
            with core.writing() as unit:
                drafts.open_or_resume(core, unit, who, RESET)

        return call

    return draw


def _read_draft(stock: Stock) -> Callable[[], Call]:
    whom, core = people(stock), stock.core

    def draw() -> Call:
        who = asked(core, whom).sender

        def call() -> None:
            now = core.clock.now()
            with core.database.read() as conn:
                draft_view(core, conn, RESET, drafts.newest(core, conn, who, RESET, now), now)

        return call

    return draw


def _issue(stock: Stock) -> Callable[[], Call]:
    whom, core = people(stock), stock.core

    def draw() -> Call:
        who = sender()
        with core.writing() as unit:
            drafted(core, unit, who, next(whom))

        def call() -> None:
            with core.writing() as unit:
                challenges.issue(core, unit, who, RESET)

        return call

    return draw


def _verify(stock: Stock) -> Callable[[], Call]:
    whom, core = people(stock), stock.core

    def draw() -> Call:
        one = asked(core, whom)

        def call() -> None:
            with core.writing() as unit:
                assert answers.answer(core, unit, one.sender, RESET, one.code).result == "right"

        return call

    return draw


def _login(stock: Stock) -> Callable[[], Call]:
    whom, core = people(stock), stock.core

    def draw() -> Call:
        code = next(whom).bhxh_code
        return lambda: login.attempt(core, code, "nobody has this password", "device", "")

    return draw


def _application(stock: Stock) -> Callable[[], Call]:
    core, numbers = stock.core, _all(stock.core, application_table.c.number)

    def draw() -> Call:
        number = random.choice(numbers)

        def call() -> None:
            with core.database.read() as conn:
                assert applications.find(core, conn, number)

        return call

    return draw


def _requests(stock: Stock) -> Callable[[], Call]:
    core, owners = stock.core, _all(stock.core, change_requests.c.account_id)

    def draw() -> Call:
        query = select(change_requests).where(
            change_requests.c.account_id == random.choice(owners), change_requests.c.state == "open"
        )

        def call() -> None:
            with core.database.read() as conn:
                conn.execute(query).mappings().all()

        return call

    return draw


def _all(core: Core, column: Column[str]) -> list[str]:
    with core.database.read() as conn:
        return list(conn.execute(select(column)).scalars())


def _directory(search: Callable[[Inquiry], object], *asked_for: Inquiry) -> Callable[[Stock], Callable[[], Call]]:
    def draw() -> Call:
        inquiry = random.choice(asked_for)
        return lambda: search(inquiry)

    return lambda _: draw


def _verdict(_stock: Stock) -> Callable[[], Call]:
    def draw() -> Call:
        value = random.choice(("1900 9068", "0912 345 678", "vssid-gov.com", "https://baohiemxahoi.gov.vn/x", "1900 2525 10"))
        return lambda: judge(value)

    return draw


BACH_MAI, HANOI, SAIGON = Inquiry("Hà Nội", "Bạch Mai", None, 5), Inquiry("Hà Nội", "", None, 5), Inquiry("Sài Gòn", "", None, 5)
LOOKUPS = (
    Lookup("account by code", _by_code),
    Lookup("account by personal number", _by_person),
    Lookup("code search", _code_search),
    Lookup("draft opened", _open_draft),
    Lookup("draft read", _read_draft),
    Lookup("one-time code issued", _issue),
    Lookup("one-time code verified", _verify),
    Lookup("login, password hashed", _login, share=0.15),
    Lookup("application by number", _application),
    Lookup("open requests of an account", _requests),
    Lookup("offices", _directory(lambda inquiry: book().offices.search(inquiry), HANOI, SAIGON)),
    Lookup("facilities", _directory(lambda inquiry: book().facilities.search(inquiry, ""), BACH_MAI, HANOI)),
    Lookup("verdict on a number or link", _verdict),
)
