"""A running fake provider, seen from a test."""

from typing import Any

import httpx

from tests.fakes.provider import Provider


class Seen:
    """Tells the provider what happens and reads what it has seen, below `/fake`."""

    def __init__(self, provider: Provider, http: httpx.Client) -> None:
        self.provider = provider
        self.http = http

    def do(self, what: str, **body: Any) -> Any:
        """Have something happen."""
        answer = self.http.post(f"/fake/{what}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def see(self, what: str, **params: str) -> Any:
        """Read something."""
        return self.http.get(f"/fake/{what}", params=params).json()

    def items(self, user: str = "U") -> list[dict[str, Any]]:
        """Return what somebody sees."""
        return list(self.see("conversation", user=user)["items"])
