"""The OpenAPI document, completed with what the framework does not know: what is signed, what a write needs, what follows."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from backend.api import access
from backend.idempotency import MAX_KEY

SCHEMES = {
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "VssID-HMAC-SHA256 t=…, n=…, s=…: covers method, target, body, X-Sender and Idempotency-Key, once.",
    },
    "sender": {"type": "apiKey", "in": "header", "name": "X-Sender", "description": "The channel's vouching for who speaks."},
}
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}}
DRAFT = "/v1/drafts/{task}"


def complete(app: FastAPI, *routers: APIRouter) -> None:
    """Let the application describe itself with these additions; `routers` hold the signed routes."""
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    writes = {route.unique_id for route in routes if _asks(route.dependant, access.key)}
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain(), writes)
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _complete(document: dict[str, Any], writes: set[str]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status in ("429", "503"):
                if status in operation["responses"]:
                    operation["responses"][status]["headers"] = RETRY_AFTER
            if path.startswith("/v1/"):
                _signed(operation, operation["operationId"] in writes)
    document["paths"][DRAFT]["put"]["responses"]["200"]["links"] = dict(_links(document))
    document.setdefault("components", {})["securitySchemes"] = SCHEMES


def _signed(operation: dict[str, Any], is_write: bool) -> None:
    operation["security"] = [{name: [] for name in SCHEMES}]  # both of them
    kept = [one for one in operation["parameters"] if one["name"] not in ("authorization", "x-sender")]
    for one in kept:
        if one["name"] == "idempotency-key":
            one["required"] = is_write
            if is_write:
                one["schema"] = {"type": "string", "minLength": 1, "maxLength": MAX_KEY}
    operation["parameters"] = kept


def _links(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What can be asked of a draft that was opened."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path.startswith(DRAFT) and (path, method) != (DRAFT, "put"):
                name = operation["operationId"]
                yield name, {"operationId": name, "parameters": {"path.task": "$request.path.task"}}


def _asks(dependant: Dependant, wanted: object) -> bool:
    return any(one.call is wanted or _asks(one, wanted) for one in dependant.dependencies)
