"""Fetches the password that a call is told: from the backend, by the handle that only this call can redeem, once."""

import asyncio
import json
import uuid
from typing import Optional

import aiohttp

from assistant.channels.signing import signed

PATH = "/v1/spoken_passwords"
_WITHIN_S = 3.0


class SpokenPasswords:
    """Redeems handles, as the channel: with its own credential, for the call that the voucher names."""

    def __init__(self, backend_url: str, credential: str) -> None:
        self._backend_url = backend_url
        self._credential = credential
        self._http: Optional[aiohttp.ClientSession] = None

    async def redeem(self, sender: str, handle: str) -> Optional[str]:
        """Return the digits to spell, None when there are none for this call (any more), or nobody answers."""
        body = json.dumps({"handle": handle}).encode()
        headers = signed(self._credential, "POST", PATH, body, sender, f"spoken:{uuid.uuid4()}")
        headers["Content-Type"] = "application/json"
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_WITHIN_S))
        try:
            async with self._http.post(self._backend_url + PATH, data=body, headers=headers) as answer:
                content = await answer.json(content_type=None)
                return str(content["spell"]) if answer.status == 200 else None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError, KeyError, TypeError):
            return None

    async def close(self) -> None:
        """Close the connection to the backend."""
        if self._http is not None:
            await self._http.close()
