"""Demo routes answer this machine only, by address and by the name it was called by (no DNS rebinding)."""

import ipaddress

from fastapi import Request

from backend.errors import NotFound

NAMES = {"localhost", "127.0.0.1", "[::1]", "::1"}


async def loopback_only(request: Request) -> None:
    """Raise NotFound for any other client or host name."""
    host = request.client.host if request.client else ""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local or (request.url.hostname or "") not in NAMES:
        raise NotFound()
