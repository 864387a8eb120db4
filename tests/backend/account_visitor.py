"""A browser on the account page, as far as the tests need one."""

import re

from backend_kit import World
from fastapi.testclient import TestClient
from httpx import Response

ORIGIN = "http://127.0.0.1:8000"


class Visitor:
    """Keeps its cookies, reads the form token from the page, sends the Origin a browser would."""

    def __init__(self, world: World) -> None:
        self.client = TestClient(world.app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)
        self.client.portal = world.client.portal

    def get(self, path: str) -> Response:
        return self.client.get(path)

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

    def post(self, path: str, fields: dict[str, str], *, page: str | None = None, origin: str = ORIGIN) -> Response:
        data = {"csrf": self.token(page or path), **fields}
        return self.client.post(path, data=data, headers={"Origin": origin})

    def login(self, code: str, password: str) -> Response:
        return self.post("/account/login", {"code": code, "password": password})

    def change(self, new: str, current: str = "", again: str | None = None) -> Response:
        return self.post("/account/password", {"new": new, "again": again or new, "current": current})
