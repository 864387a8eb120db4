"""Server-sent events: what happens in a conversation, as it happens."""

import asyncio
import json
from typing import Any, Dict, Optional

from sanic.request import Request

from assistant.channels.conversations import Conversations
from assistant.stores.message_log import MessageLog

PING_S = 15.0
"""A comment this often keeps proxies from closing a quiet stream."""


def seq_of(text: Optional[str]) -> Optional[int]:
    """Return the seq a client names, None when it is no number (or one that no conversation reaches)."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None


async def stream_events(request: Request, conversation: str, conversations: Conversations, log: MessageLog) -> None:
    """Send the messages after `Last-Event-ID` (or `?after=`), then every new one, and typing, until either side ends."""
    queue = conversations.listen(conversation)
    try:
        seen = seq_of(request.headers.get("Last-Event-ID") or request.args.get("after")) or 0
        stream = await request.respond(content_type="text/event-stream")
        for message in log.messages(conversation, seen):
            seen = await _send(stream, message)
        await _send_typing(stream, conversations.is_working(conversation))
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), PING_S)
            except asyncio.TimeoutError:
                await stream.send(": ping\n\n")
                continue
            if "closed" in event:
                break
            if "typing" in event:
                await _send_typing(stream, event["typing"])
            elif event["message"]["seq"] > seen:
                seen = await _send(stream, event["message"])
    finally:
        conversations.unlisten(conversation, queue)


async def _send(stream: Any, message: Dict[str, Any]) -> int:
    await stream.send(f"id: {message['seq']}\nevent: message\ndata: {json.dumps(message, ensure_ascii=False)}\n\n")
    return int(message["seq"])


async def _send_typing(stream: Any, typing: bool) -> None:
    await stream.send(f"event: typing\ndata: {json.dumps({'typing': typing})}\n\n")
