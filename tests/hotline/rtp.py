"""Sound and keys of one call over UDP: RTP (RFC 3550), PCMA in packets of 20 ms (RFC 3551), keys as events (RFC 2833/4733)."""

import asyncio
import secrets
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import NamedTuple, Self

from tests.hotline import alaw

PCMA = 8
"""Payload type of A-law (RFC 3551, table 4)."""

PACKET_S = 0.02
"""Sound in one packet, in seconds: the default of RFC 3551, section 4.2."""

PACKET_SAMPLES = int(alaw.RATE * PACKET_S)

EVENTS = "0123456789*#ABCD"
"""Keys in the order of their event codes (RFC 4733, section 3.2)."""

_HEADER = struct.Struct(">BBHII")
_EVENT = struct.Struct(">BBH")
_END = 0x80
_LOUDNESS = 10
"""Of an event that is sent, in dB below the highest (RFC 4733, section 2.3.4)."""


class Packet(NamedTuple):
    """An RTP packet; sequence and timestamp count on through 16 and 32 bits."""

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    source: int
    payload: bytes

    @classmethod
    def read(cls, data: bytes) -> Self | None:
        """Return the packet in a datagram, or None when it is no RTP of version 2."""
        if len(data) < _HEADER.size or data[0] >> 6 != 2:
            return None
        first, second, sequence, timestamp, source = _HEADER.unpack_from(data)
        start, end = _HEADER.size + 4 * (first & 0x0F), len(data)
        if first & 0x10 and end >= start + 4:  # a header extension: its length stands in words
            start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4])
        if first & 0x20:
            end -= data[-1]
        return cls(bool(second & 0x80), second & 0x7F, sequence, timestamp, source, data[start:end])

    def written(self) -> bytes:
        """Return the datagram."""
        second = (0x80 if self.marker else 0) | self.payload_type
        return _HEADER.pack(0x80, second, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF, self.source) + self.payload


def event_payload(key: str, samples: int, end: bool) -> bytes:
    """Return what says that a key has been down for that many samples."""
    return _EVENT.pack(EVENTS.index(key), (_END if end else 0) | _LOUDNESS, samples)


class KeyDecoder:
    """Tells which key is down and which have counted: once a source and timestamp, however often their packets are repeated.

    All packets of one press carry the timestamp of its beginning (RFC 4733, section 2.2); a new source, as SIPp has for every
    lot of keys, counts time anew. A press counts with the end bit, or, when every packet with that bit is lost, as soon as
    the next press begins.
    """

    def __init__(self) -> None:
        self.held = ""
        self.pressed: deque[str] = deque()
        self._since = (0, 0)
        self._seen: set[tuple[int, int]] = set()

    def take(self, packet: Packet) -> None:
        """Read one packet of the event's payload type."""
        if len(packet.payload) < _EVENT.size:
            return
        event, flags, _ = _EVENT.unpack_from(packet.payload)
        if event >= len(EVENTS):
            return
        since = packet.source, packet.timestamp
        if since not in self._seen:
            self._count()
            self._seen.add(since)
            self._since, self.held = since, EVENTS[event]
        if flags & _END and since == self._since:
            self._count()

    def _count(self) -> None:
        if self.held:
            self.pressed.append(self.held)
            self.held = ""


class Media(asyncio.DatagramProtocol):
    """The answerer's end of one call's sound: it speaks and collects keys."""

    def __init__(self, event_type: int) -> None:
        self._event_type = event_type
        self._keys = KeyDecoder()
        self._transport: asyncio.DatagramTransport | None = None
        self._sequence = secrets.randbelow(1 << 15)
        self._first_timestamp = secrets.randbelow(1 << 31)
        self._source = secrets.randbits(32)
        self._began = time.monotonic()

    @classmethod
    async def opened(cls, event_type: int, host: str) -> Self:
        """Return one that listens at a free port."""
        loop = asyncio.get_running_loop()
        _, media = await loop.create_datagram_endpoint(lambda: cls(event_type), local_addr=(host, 0))
        return media

    @property
    def port(self) -> int:
        """The port at which it listens."""
        assert self._transport
        return int(self._transport.get_extra_info("sockname")[1])

    def close(self) -> None:
        """Listen no longer."""
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what sends."""
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Take a key; the caller's voice is not listened to."""
        packet = Packet.read(data)
        if packet and packet.payload_type == self._event_type:
            self._keys.take(packet)

    @property
    def is_key_held(self) -> bool:
        """Whether a key is down now."""
        return bool(self._keys.held)

    @property
    def is_interrupted(self) -> bool:
        """Whether a key is down, or was pressed and not taken yet. A `#` alone does not interrupt: it ends a number."""
        return any(key != "#" for key in (*self._keys.pressed, *self._keys.held))

    def next_key(self) -> str:
        """Take the next key that was pressed, or an empty text."""
        return self._keys.pressed.popleft() if self._keys.pressed else ""

    async def say(self, samples: Iterable[int], to: tuple[str, int], stopped: Callable[[], bool]) -> float:
        """Send sound at the pace at which it is heard until `stopped` says so; return the seconds that were sent.

        The marker bit stands on the first packet after silence, in which nothing is sent (RFC 3551, section 4.1).
        """
        assert self._transport
        sound = alaw.encode(samples)
        sound += bytes([alaw.SILENCE]) * (-len(sound) % PACKET_SAMPLES)
        start = time.monotonic()
        timestamp = self._first_timestamp + int((start - self._began) / PACKET_S) * PACKET_SAMPLES
        for sent in range(len(sound) // PACKET_SAMPLES):
            await asyncio.sleep(max(0.0, start + sent * PACKET_S - time.monotonic()))
            if stopped():
                return sent * PACKET_S
            offset = sent * PACKET_SAMPLES
            payload = sound[offset : offset + PACKET_SAMPLES]
            packet = Packet(sent == 0, PCMA, self._sequence, timestamp + offset, self._source, payload)
            self._transport.sendto(packet.written(), to)
            self._sequence += 1
        return len(sound) / alaw.RATE
