"""Fetches the password that a call is told: from the backend, by the handle that only this call can redeem, once."""

import json
from typing import Optional

from assistant.channels.account_backend import AccountBackend

FETCHED_WITHIN_S = 3.0


async def redeem(backend: AccountBackend, sender: str, handle: str) -> Optional[str]:
    """Return the digits to spell, None when there are none for this call (any more), or nobody answers."""
    body = json.dumps({"handle": handle}).encode()
    spell = (await backend.call("POST", "/v1/spoken_passwords", sender, body, "application/json")).get("spell")
    return str(spell) if spell else None
