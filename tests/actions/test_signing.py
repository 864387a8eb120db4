"""What the action server signs is what the backend verifies; the two programs share no code."""

import httpx
import pytest

from actions.signing import Signature
from backend import signature
from backend.errors import Unauthorized

NOW = 1_800_000_000
CREDENTIAL = "c" * 40


def signed(method: str, url: str, body: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> httpx.Request:
    request = httpx.Request(method, f"http://127.0.0.1{url}", json=body, headers=headers)
    return next(Signature(CREDENTIAL, lambda: NOW + 0.7).auth_flow(request))


@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
@pytest.mark.parametrize("url", ["/v1/drafts/forgot_password", "/v1/x?name=a&b=%20c", "/v1/drafts/%C3%A2"])
@pytest.mark.parametrize("body", [None, {"value": "Nguyễn"}])
@pytest.mark.parametrize("headers", [{}, {"X-Sender": "a.b", "Idempotency-Key": "k:1"}])
def test_the_backend_accepts_what_the_action_server_signs(
    method: str, url: str, body: dict[str, str] | None, headers: dict[str, str]
) -> None:
    request = signed(method, url, body, headers)
    asked = signature.Request(method, url, request.content, headers.get("X-Sender", ""), headers.get("Idempotency-Key", ""))
    assert signature.verify([CREDENTIAL], asked, request.headers["Authorization"], NOW).at == NOW
    with pytest.raises(Unauthorized):
        signature.verify(["d" * 40], asked, request.headers["Authorization"], NOW)


def test_no_two_requests_have_the_same_signature_and_none_shows_the_credential() -> None:
    first, second = (signed("GET", "/v1/x").headers["Authorization"] for _ in range(2))
    assert first != second and CREDENTIAL not in first
