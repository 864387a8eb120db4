"""The account backend as a channel reaches it: signed with the channel's own credential, for one sender."""

import asyncio
import uuid
from typing import Any, Dict, Optional

import aiohttp

from assistant.channels.signing import signed


class AccountBackend:
    """A channel's calls. `within_s` bounds one in seconds."""

    def __init__(self, url: str, credential: str, within_s: float) -> None:
        self._url = url
        self._credential = credential
        self._within_s = within_s
        self._http: Optional[aiohttp.ClientSession] = None

    async def call(self, method: str, path: str, sender: str, body: bytes, content_type: str) -> Dict[str, Any]:
        """Return what the backend answers to the voucher `sender`, a problem too; nothing when it does not answer."""
        headers = signed(self._credential, method, path, body, sender, str(uuid.uuid4()))
        headers["Content-Type"] = content_type
        if self._http is None:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._within_s))
        try:
            async with self._http.request(method, self._url + path, data=body, headers=headers) as answer:
                content = await answer.json(content_type=None)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    async def close(self) -> None:
        """Close the connection."""
        if self._http is not None:
            await self._http.close()
