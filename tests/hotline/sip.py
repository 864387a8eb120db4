"""A minimal SIP answerer over UDP (RFC 3261): it rings, takes the call, and ends it from either side.

No proxy stands in between: requests of its own go where the INVITE came from. Whatever is sent twice is answered twice and
done once; what the other side has to confirm is sent again until it does.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Literal, Self

from tests.hotline.sdp import Offer, answer
from tests.hotline.sip_message import Message, number_in, uri_in

T1_S = 0.5
"""First wait before something is sent again, in seconds; it doubles (RFC 3261, appendix A)."""

T2_S = 4.0
"""Longest wait before something is sent again."""

GIVES_UP_S = 64 * T1_S

METHODS = ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS")


class CallOverError(Exception):
    """The other side has left."""


class Dialog:
    """One call, from its INVITE to the end."""

    def __init__(self, server: "SipServer", invite: Message, peer: tuple[str, int], offer: Offer) -> None:
        self.server, self.invite, self.peer, self.offer = server, invite, peer, offer
        self.tag = secrets.token_hex(4)
        self.call_id = invite["call-id"]
        # What the network vouches for goes before what the telephone says of itself (RFC 3325).
        self.caller = number_in(invite["p-asserted-identity"]) or number_in(invite["from"])
        self.ended_by: Literal["caller", "answerer"] | None = None
        self.ended_at = 0.0
        self.confirmed = asyncio.Event()
        self.bye_answered = asyncio.Event()
        self.over = asyncio.Event()
        self.newest: Message | None = None

    def respond(self, status: str, *more: tuple[str, str], body: str = "") -> None:
        """Answer the INVITE; an answer like that is repeated when the INVITE is."""
        self.newest = self.invite.answered(status, self.tag, self.peer, *more, body=body)
        self.server.send(self.newest, self.peer)

    async def ring(self, seconds: float) -> None:
        """Let the caller hear that it rings. Raises CallOverError when the caller gives up meanwhile."""
        self.respond("180 Ringing", self._contact)
        try:
            await asyncio.wait_for(self.over.wait(), seconds)
        except TimeoutError:
            return
        raise CallOverError

    async def accept(self, media_port: int) -> None:
        """Take the call. Raises CallOverError when the caller has left or never confirms that it was taken."""
        if self.over.is_set():
            raise CallOverError
        description = answer(self.server.host, media_port, self.offer.event_type or 0)
        self.respond("200 OK", self._contact, ("Content-Type", "application/sdp"), METHODS, body=description)
        assert self.newest
        confirmed = await self._sent_until(self.confirmed, self.newest)
        if not confirmed or self.over.is_set():
            self.over.set()
            raise CallOverError

    def end(self, by: Literal["caller", "answerer"]) -> None:
        """Note that the call is over, who ended it, and when by the monotonic clock."""
        self.ended_by, self.ended_at = by, time.monotonic()
        self.over.set()

    async def hang_up(self) -> None:
        """End the call from this side, unless it is over."""
        if self.over.is_set():
            return
        self.end("answerer")
        branch = f"z9hG4bK{secrets.token_hex(6)}"
        headers = [
            ("Via", f"SIP/2.0/UDP {self.server.host}:{self.server.port};branch={branch};rport"),
            ("Max-Forwards", "70"),
            ("From", f"{self.invite['to']};tag={self.tag}"),
            ("To", self.invite["from"]),
            ("Call-ID", self.call_id),
            ("CSeq", "1 BYE"),
        ]
        bye = Message(f"BYE {uri_in(self.invite['contact'] or self.invite['from'])} SIP/2.0", headers)
        self.server.send(bye, self.peer)
        await self._sent_until(self.bye_answered, bye)

    async def cancelled(self) -> None:
        """Tell the caller that the call it gave up was not taken."""
        self.end("caller")
        self.respond("487 Request Terminated")
        assert self.newest
        await self._sent_until(self.confirmed, self.newest)

    async def _sent_until(self, done: asyncio.Event, message: Message) -> bool:
        """Send what was sent once again and again until an event is set; tell whether it was."""
        wait, waited = T1_S, 0.0
        while waited < GIVES_UP_S:
            try:
                await asyncio.wait_for(done.wait(), wait)
                return True
            except TimeoutError:
                self.server.send(message, self.peer)
                waited, wait = waited + wait, min(2 * wait, T2_S)
        return False

    @property
    def _contact(self) -> tuple[str, str]:
        return "Contact", f"<sip:hotline@{self.server.host}:{self.server.port}>"


class SipServer(asyncio.DatagramProtocol):
    """Listens for calls; `on_call` leads each of them in a task of its own."""

    def __init__(self, on_call: Callable[[Dialog], Awaitable[None]], host: str) -> None:
        self.host = host
        self.port = 0
        self.dialogs: dict[str, Dialog] = {}
        self._on_call = on_call
        self._transport: asyncio.DatagramTransport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def opened(cls, on_call: Callable[[Dialog], Awaitable[None]], host: str = "127.0.0.1") -> Self:
        """Return one that listens at a free port."""
        loop = asyncio.get_running_loop()
        _, server = await loop.create_datagram_endpoint(lambda: cls(on_call, host), local_addr=(host, 0))
        return server

    async def close(self) -> None:
        """Listen no longer; calls that are still led are left."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what sends."""
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport
        self.port = int(transport.get_extra_info("sockname")[1])

    def send(self, message: Message, peer: tuple[str, int]) -> None:
        """Send one message once."""
        assert self._transport
        self._transport.sendto(message.written(), peer)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Take one message; what is no SIP is dropped."""
        message = Message.read(data)
        if not message:
            return
        dialog = self.dialogs.get(message["call-id"])
        if not message.method:
            if dialog and message.turn[1] == "BYE":
                dialog.bye_answered.set()
        elif message.method == "INVITE":
            self._take_invite(message, addr, dialog)
        elif message.method == "ACK":
            if dialog and message.turn[0] == dialog.invite.turn[0]:
                dialog.confirmed.set()
        else:
            self._answer(message, addr, dialog)

    def _take_invite(self, invite: Message, peer: tuple[str, int], dialog: Dialog | None) -> None:
        if dialog and invite.turn == dialog.invite.turn:
            if dialog.newest:
                self.send(dialog.newest, peer)
            return
        offer = Offer.read(invite.body)
        if dialog or not offer or not offer.takes_alaw or offer.event_type is None:
            # Also the answer to a second offer within a call, which goes on as agreed (RFC 3261, section 14.2).
            tag = dialog.tag if dialog else secrets.token_hex(4)
            self.send(invite.answered("488 Not Acceptable Here", tag, peer), peer)
            return
        dialog = self.dialogs[invite["call-id"]] = Dialog(self, invite, peer, offer)
        dialog.respond("100 Trying")
        self._start(self._on_call(dialog))

    def _answer(self, request: Message, peer: tuple[str, int], dialog: Dialog | None) -> None:
        tag = dialog.tag if dialog else secrets.token_hex(4)
        if request.method == "OPTIONS":
            status = "200 OK"
        elif request.method not in ("BYE", "CANCEL"):
            status = "405 Method Not Allowed"
        elif not dialog:
            status = "481 Call/Transaction Does Not Exist"
        else:
            status = "200 OK"
        self.send(request.answered(status, tag, peer, METHODS), peer)
        if not dialog or dialog.over.is_set():
            return
        taken = dialog.newest is not None and dialog.newest.start.startswith("SIP/2.0 200")
        if request.method == "BYE":
            dialog.end("caller")
            dialog.confirmed.set()  # should the ACK be lost: who ends a call knows that it was taken
        elif request.method == "CANCEL" and not taken:
            self._start(dialog.cancelled())

    def _start(self, work: Awaitable[None]) -> None:
        async def done() -> None:
            await work

        task = asyncio.get_running_loop().create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
