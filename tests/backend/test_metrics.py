"""What the operator's system is told: after the commit, by names from closed sets, on a port of its own."""

import re
import sys
from collections.abc import Callable, Iterator

import httpx
import pytest
from backend_kit import LAN, World, demo_settings, free_port, wrong
from fastapi import APIRouter
from fastapi.routing import APIRoute
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from backend import metrics, metrics_port
from backend.errors import Busy
from backend.messages import codes
from backend.settings import load
from backend.store_metrics import StoreMetrics

Reading = Callable[[], dict[tuple[str, ...], float]]


def samples(told: str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its label values, in the order of the labels' names."""
    families = text_string_to_metric_families(told)
    return {
        (one.name, *(one.labels[label] for label in sorted(one.labels))): one.value
        for family in families
        for one in family.samples
    }


def now() -> dict[tuple[str, ...], float]:
    """What this process counted so far."""
    return samples(generate_latest(metrics.registry).decode())


class Since:
    """What was counted since it was made."""

    def __init__(self) -> None:
        self._before = now()

    def __getitem__(self, key: tuple[str, ...]) -> float:
        return now().get(key, 0) - self._before.get(key, 0)


@pytest.fixture
def since() -> Since:
    return Since()


def test_requests_are_counted_by_route_and_status_and_timed(world: World, since: Since) -> None:
    talk = world.talk().open()
    talk.call("PUT", "/fields/code", {"value": "x"})
    world.client.get("/v1/7900000001")
    world.client.request("BREW", "/v1/drafts/forgot_password")
    name = "backend_requests_total"
    assert since[name, "PUT", "/v1/drafts/{task}/fields/{field}", "200"] == 2
    assert since[name, "PUT", "/v1/drafts/{task}/fields/{field}", "422"] == 1
    assert since[name, "GET", "none", "404"] == 1
    assert since["backend_request_seconds_count", "PUT", "/v1/drafts/{task}/fields/{field}"] == 3
    assert since[name, "other", "/v1/drafts/{task}", "405"] == 1


def test_an_unforeseen_failure_is_counted(world: World, since: Since, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.drafts.newest", lambda *_: 1 / 0)
    assert world.talk().call("GET").status_code == 500
    assert since["backend_requests_total", "GET", "/v1/drafts/{task}", "500"] == 1


def test_challenges_are_counted_by_purpose_channel_and_result(world: World, since: Since) -> None:
    talk = world.talk().open()
    assert talk.send().status_code == 200
    code = world.code()
    assert talk.answer(wrong(code)) == "wrong" and talk.answer(code) == "right"
    assert since["backend_challenges_issued_total", "web", "forgot_password"] == 1
    assert since["backend_challenges_answered_total", "web", "forgot_password", "wrong"] == 1
    assert since["backend_challenges_answered_total", "web", "forgot_password", "right"] == 1


def test_a_repeated_or_refused_write_is_not_counted_again(world: World, since: Since) -> None:
    talk = world.talk().open()
    assert talk.call("POST", "/otp", key="same").status_code == talk.call("POST", "/otp", key="same").status_code == 200
    assert talk.send().status_code == 429
    code = world.code()
    for _ in range(2):
        assert talk.answer(wrong(code), key="answer") == "wrong"
    assert since["backend_challenges_issued_total", "web", "forgot_password"] == 1
    assert since["backend_challenges_answered_total", "web", "forgot_password", "wrong"] == 1


def test_what_is_rolled_back_was_never_counted(world: World, since: Since) -> None:
    with pytest.raises(Busy), world.core.writing() as unit:
        metrics.issued(unit, "forgot_password", "web")
        raise Busy
    assert since["backend_challenges_issued_total", "web", "forgot_password"] == 0


def test_an_unknown_channel_or_purpose_becomes_another(world: World, since: Since) -> None:
    assert world.talk("odd", channel="lan_nguyen").open().send().status_code == 200
    with world.core.writing() as unit:
        for name in (LAN[0], LAN[1], "Nguyễn Thị Lan", "x" * 40):
            metrics.answered(unit, name, name, name)
    assert since["backend_challenges_issued_total", "other", "forgot_password"] == 1
    assert since["backend_challenges_answered_total", "other", "other", "other"] == 4


def test_deliveries_hashing_and_connections_are_counted(world: World, since: Since) -> None:
    world.client.post("/demo/fail", json={"part": "smtp", "mode": "down", "seconds": 3600})
    assert world.talk().open().send().status_code == 200
    assert world.app.state.postman.deliver_one()
    world.client.post("/demo/fail", json={"part": "smtp", "mode": "down", "seconds": 0})
    world.clock.advance(5)
    assert world.app.state.postman.deliver_one()
    assert since["backend_deliveries_total", "email", "later"] == 1
    assert since["backend_deliveries_total", "email", "sent"] == 1
    with world.core.database.read(), metrics.hashing():
        assert since["backend_database_connections",] == 1 and since["backend_hashing",] == 1
    assert since["backend_database_connections",] == 0 and since["backend_hashing",] == 0


def test_a_message_given_up_is_counted(world: World, since: Since) -> None:
    world.client.post("/demo/fail", json={"part": "smtp", "mode": "down", "seconds": 3600})
    assert world.talk().open().send().status_code == 200
    with world.core.writing() as unit:
        unit.conn.execute(text("UPDATE outbox SET attempts = 8"))
    assert world.app.state.postman.deliver_one()
    assert since["backend_deliveries_total", "email", "given_up"] == 1
    assert stored(world)["backend_outbox_messages", "email", "failed"] == 1


def stored(world: World) -> dict[tuple[str, ...], float]:
    """What the database's own metrics say."""
    registry = metrics_port.CollectorRegistry()
    registry.register(StoreMetrics(world.core))
    return samples(generate_latest(registry).decode())


def test_the_outbox_the_breaker_and_overdue_values_are_told(either: World) -> None:
    assert stored(either)["backend_outbox_oldest_pending_seconds",] == 0
    either.client.post("/demo/fail", json={"part": "smtp", "mode": "down", "seconds": 3600})
    assert either.talk().open().send().status_code == 200
    either.clock.advance(90)
    found = stored(either)
    assert found["backend_database_up",] == 1
    assert found["backend_outbox_messages", "email", "pending"] == 1
    assert found["backend_outbox_oldest_pending_seconds",] == 90
    assert found["backend_breaker_paused_percent", "web"] == found["backend_retention_lag_seconds",] == 0
    with either.core.writing() as unit:
        unit.conn.execute(
            text("INSERT INTO breaker_buckets VALUES ('hotline', :at, 100, 5000, 0)"), {"at": unit.now - unit.now % 300}
        )
    either.clock.advance(either.core.settings.draft_life_s)
    found = stored(either)
    assert found["backend_retention_lag_seconds",] == 90
    either.clock.advance(-either.core.settings.draft_life_s)
    found = stored(either)
    assert (found["backend_breaker_paused_percent", "hotline"], found["backend_breaker_paused_percent", "web"]) == (100, 0)


def test_a_database_that_is_away_is_told_and_nothing_else_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for error in (Busy(), RuntimeError()):

        def away(error: Exception = error) -> Iterator[None]:
            raise error

        monkeypatch.setattr(world.core.database, "read", away)
        assert stored(world) == {("backend_database_up",): 0}


def test_no_label_can_hold_what_a_person_typed(world: World) -> None:
    """After a whole reset with errors on the way, every label value is a word of the code."""
    world.reset()
    for path in (
        f"/v1/drafts/{LAN[0]}",
        f"/account/{LAN[1]}",
        "/v1/drafts/forgot_password/fields/0900000001",
        "/%00",
        f"/{LAN[0]}?x=1",
    ):
        for method in ("GET", "PUT", LAN[0]):
            world.talk(LAN[0]).request(method, path)
    modules = [module for name, module in sys.modules.items() if name.startswith("backend.")]
    routers = [router for module in modules if isinstance(router := getattr(module, "router", None), APIRouter)]
    templates = {"/openapi.json", *(route.path for router in routers for route in router.routes if isinstance(route, APIRoute))}
    told = generate_latest(metrics.registry).decode()
    for value in (*LAN, "0900000001", "Nguyễn", "Lan"):
        assert value not in told
    closed = {*metrics.METHODS, *metrics.CHANNELS, *metrics.RESULTS, "other", "none", "forgot_password"}
    closed |= {"email", "sms", "sent", "later", "given_up", *codes._ACTIONS}  # every purpose: other tests' counts stand here too
    for family in text_string_to_metric_families(told):
        for one in family.samples:
            for label, value in one.labels.items():
                if label == "status":
                    assert re.fullmatch("[1-5][0-9]{2}", value)
                elif label == "le":
                    assert value == "+Inf" or float(value) in metrics.SECONDS
                elif label == "route" and value != "none":
                    assert value in templates
                else:
                    assert value in closed, f"{family.name} {label}"


def test_metrics_have_a_port_of_their_own_on_loopback(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert world.client.get("/metrics").status_code == 404
    for name in ("METRICS_PORT", "METRICS_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DEMO", "1")
    assert (load().metrics_port, load().metrics_host) == (0, "127.0.0.1")
    port = free_port()
    metrics_port.tell(demo_settings(metrics_port=port), metrics.registry, StoreMetrics(world.core))
    told = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    assert "backend_requests_total" in told and "backend_database_up 1.0" in told
