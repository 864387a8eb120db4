"""The API answers what its OpenAPI document says, whatever it is sent, in whatever order."""

import contextlib
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from account_visitor import Visitor
from backend_kit import Talk, World
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.config import GenerationConfig, SchemathesisConfig
from schemathesis.python import asgi

from backend import signature

# What is not promised. A value may be right by its shape and still be refused: what was typed is judged, and a draft has its
# states. A cancelled draft is still there to be read, without its values. Each sender sees its own drafts only, by another
# header than the one that is checked there (test_bad_input.py holds it).
NOT_PROMISED = {
    "positive_data_acceptance",
    "ensure_resource_availability",
    "use_after_free",
    "object_level_authorization",
}
# Signatures are made, not guessed: a guessed one would be replaced by ours and taken for accepted.
REFUSALS = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "5xx"]
"""What may be answered to a request that breaks the schema: schemathesis' own list, and 413 for one that is too large besides."""
CONFIG = {
    "seed": 1,
    "generation": {"with-security-parameters": False, "deterministic": True, "database": "none"},
    "checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}},
}
OPERATIONS = sorted(
    [
        *(f"{method} /v1/drafts/{{task}}" for method in ("PUT", "GET", "DELETE")),
        *(f"PUT /v1/drafts/{{task}}/{what}" for what in ("consent", "fields/{field}")),
        *(f"POST /v1/drafts/{{task}}/{what}" for what in ("otp", "otp/answers", "submit")),
        "GET /v1/official_channels",
        "POST /v1/official_channels/verdicts",
        "POST /v1/fraud_reports",
        "POST /v1/offices/search",
        "POST /v1/facilities/search",
        "POST /v1/spoken_passwords",
        *(f"{method} /v1/drafts/register_account/photos/{{kind}}" for method in ("PUT", "DELETE")),
        "POST /v1/drafts/register_account/upload_link",
        "GET /healthz",
        "GET /readyz",
    ]
)


class Signed(requests.auth.AuthBase):
    """Signs what is sent as it is sent; every few requests somebody else asks."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.asked = itertools.count()

    def __call__(self, asked: requests.PreparedRequest) -> requests.PreparedRequest:
        number = next(self.asked)
        core = self.world.core
        channel = "hotline" if "/spoken_passwords" in str(asked.path_url) else "web"
        sender = Talk(self.world, f"fuzz-{number // 40}", channel=channel)
        vouched = sender.headers("GET", "/")["X-Sender"]
        key = asked.headers.get("Idempotency-Key", "")
        key = key.decode("latin-1") if isinstance(key, bytes) else key
        if 1 <= len(key) <= 200:  # a key of its own, or every request but the first would be a repetition
            key = asked.headers["Idempotency-Key"] = f"{number}-{key}"[:200]
        body = asked.body or b""
        body = body.encode() if isinstance(body, str) else body
        given_ = signature.Request(str(asked.method), str(asked.path_url), body, vouched, key)
        nonce = core.keys.token(16)
        asked.headers["X-Sender"] = vouched
        asked.headers["Authorization"] = signature.sign(core.settings.service_credentials()[0], given_, core.wall.now(), nonce)
        if channel == "hotline" or "/photos/" in str(asked.path_url):
            credential = core.settings.channel_credentials()[0]
            asked.headers["Authorization"] = signature.sign(credential, given_, core.wall.now(), nonce)
        return asked


@pytest.fixture
def document(world: World) -> Iterator[Any]:
    """The running application's own document, with every request signed."""
    loaded = schemathesis.openapi.from_asgi("/openapi.json", world.app, config=SchemathesisConfig.from_dict(CONFIG))
    loaded.auth.set_from_requests(Signed(world))
    yield loaded


def fuzz(document: Any, label: str, examples: int) -> int:
    """Cases of one operation by its schema's edges and by chance, right ones and wrong ones; returns how many."""
    operation = document.find_operation_by_label(label)
    assert operation is not None, label
    count = 0
    excluded = [CHECKS.get_one(name) for name in NOT_PROMISED]
    with asgi.get_client(document.app) as client:

        def check(case: Any) -> None:
            nonlocal count
            count += 1
            case.call_and_validate(session=client, excluded_checks=excluded)

        modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
        for case in document.iter_coverage_cases(operation, generation_modes=modes, generation_config=GenerationConfig()):
            check(case)
        for mode in modes:

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(
                max_examples=examples,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            def by_chance(case: Any) -> None:
                check(case)

            with contextlib.suppress(Unsatisfiable):  # nothing can be wrong about a request that has no parts
                by_chance()
    return count


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_the_document_names(document: Any, label: str) -> None:
    assert fuzz(document, label, 10) > 5


def test_no_operation_is_left_out(document: Any) -> None:
    assert sorted(result.ok().label for result in document.get_all_operations()) == OPERATIONS


def follow(document: Any, examples: int) -> set[str]:
    """Calls that follow from each other by the document's links; returns the operations that were asked."""
    excluded = [CHECKS.get_one(name) for name in NOT_PROMISED]
    asked: set[str] = set()

    class Calls(document.as_state_machine()):  # type: ignore[misc]
        def validate_response(self, response: Any, case: Any, **kwargs: Any) -> None:
            asked.add(case.operation.label)
            case.validate_response(response, excluded_checks=excluded, recorder=self.recorder)

    Calls.run(
        settings=settings(
            max_examples=examples,
            stateful_step_count=8,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
    )
    return asked


def test_calls_that_follow_from_each_other_keep_to_the_document(document: Any) -> None:
    assert len(follow(document, 8)) > 6


@pytest.mark.prove
@pytest.mark.timeout(1_800)
def test_many_calls_that_follow_from_each_other_keep_to_the_document(document: Any) -> None:
    assert len(follow(document, 300)) > 7


@pytest.mark.prove
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_the_document_names_many_times(document: Any, label: str) -> None:
    assert fuzz(document, label, 400) > 5


@given(
    path=st.sampled_from(["login", "password", "logout"]),
    fields=st.dictionaries(st.sampled_from(["code", "password", "new", "again", "current", "lang"]), st.text(max_size=40)),
    token=st.booleans(),
)
@settings(max_examples=25, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
def submit_a_form(visitor: Visitor, path: str, fields: dict[str, str], token: bool) -> None:
    """Any form of the account page with anything in it."""
    fields = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    answer = visitor.post(f"/account/{path}", fields | ({} if token else {"csrf": "x"}), page="/account/login")
    assert answer.status_code < 500
    assert answer.status_code == 303 or answer.headers["content-type"].startswith("text/html")


def test_a_form_of_the_account_page_never_breaks(world: World) -> None:
    submit_a_form(Visitor(world))
