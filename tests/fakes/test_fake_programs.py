"""The fakes as programs: settings, page, clock, and the shape of their code."""

import ast
import asyncio
import re
import time
from pathlib import Path
from random import Random

import pytest

from tests.fakes.__main__ import from_environment
from tests.fakes.clock import Clock
from tests.fakes.fakes_kit import messenger, zalo
from tests.fakes.graph import Messenger, MessengerAccess
from tests.fakes.running import complete_app
from tests.fakes.zalo import ZaloAccess

HERE = Path(__file__).parent


def test_settings_come_from_the_environment() -> None:
    given = {"MESSENGER_APP_ID": "5", "MESSENGER_REQUIRE_PROOF": "1", "ZALO_TEMPLATE_TYPE": "button", "PORT": "6005"}
    access = from_environment(MessengerAccess, given)
    assert (access.app_id, access.require_proof, access.page_id) == (5, True, MessengerAccess.page_id)
    assert access.webhook_url == "http://127.0.0.1:6005/webhooks/messenger/webhook"
    assert from_environment(ZaloAccess, {**given, "ZALO_WEBHOOK_URL": "http://localhost/"}).webhook_url == "http://localhost/"
    assert from_environment(ZaloAccess, given).template_type == "button"
    with pytest.raises(ValueError):
        from_environment(ZaloAccess, {"ZALO_TEMPLATE_TYPE": "list"})


def test_nothing_is_sent_to_another_machine() -> None:
    access = MessengerAccess(webhook_url="https://example.com/webhooks/messenger/webhook")
    with pytest.raises(ValueError, match="this machine only"):
        complete_app(Messenger(access, Clock(), Random(1)))


def test_the_page_asks_nobody_else_and_writes_text_only() -> None:
    with zalo() as stage:
        page = stage.http.get("/")
        assert page.is_success and "default-src 'none'" in page.headers["Content-Security-Policy"]
        for name in re.findall(r'"/static/([^"]+)"', page.text):
            assert stage.http.get(f"/static/{name}").is_success
        assert stage.http.get("/static/nothing.js").status_code == 404
        assert stage.http.get("/docs").status_code == 404
    for path in (HERE / "static").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?://|innerHTML|outerHTML|insertAdjacent|eval\(", text), path.name


def test_files_of_people_are_here_and_fetching_them_is_noticed() -> None:
    with messenger() as stage:
        stage.do("event", user="U", kind="image")
        body = stage.told(1)[0].read().decode().replace("\\/", "/")
        address = re.findall(r'"url":"([^"]+)"', body)[0]
        assert stage.http.get(address).headers["Content-Type"] == "image/png"
        assert stage.see("fetched") == [address.rpartition("/")[2]]


def test_sleepers_wake_when_the_time_is_moved() -> None:
    async def slept() -> list[int]:
        clock, woken = Clock(0.0), []

        async def sleep(seconds: int) -> None:
            await clock.sleep_until(seconds)
            woken.append(seconds)

        tasks = [asyncio.create_task(sleep(seconds)) for seconds in (30, 10)]
        for step_s in (5, 5, 19, 1):
            await asyncio.sleep(0)
            clock.advance(step_s)
            await asyncio.sleep(0.001)
            woken.append(-int(clock.now()))
        await asyncio.gather(*tasks)
        await Clock().sleep_until(time.time() + 0.01)
        return woken

    assert asyncio.run(slept()) == [-5, 10, -10, -29, 30, -30]


@pytest.mark.parametrize("module", sorted(HERE.glob("*.py")), ids=lambda path: path.name)
def test_a_module_is_short_and_says_what_it_is(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert text.count("\n") < 250 or module.name.startswith("test_")
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name
