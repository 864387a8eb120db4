"""The page to chat through a fake provider: three static files, which ask nobody but the provider itself."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, Response

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)


def add_page(app: FastAPI) -> None:
    """Serve the page at `/`."""

    @app.get("/")
    async def index() -> Response:
        return _file("index.html")

    @app.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in (path.name for path in STATIC.iterdir()):
            return Response(status_code=404)
        return _file(name)


def _file(name: str) -> Response:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return FileResponse(STATIC / name, headers=headers)
