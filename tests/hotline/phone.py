"""The telephone of a caller in the tests: it hears what the hotline says, presses keys, and keeps what was heard."""

import asyncio
import secrets
import time
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.hotline import alaw
from tests.hotline.rtp import PACKET_S, PACKET_SAMPLES, PCMA, Packet, event_payload
from tests.hotline.voice import loudness, pause, seconds

EVENT_TYPE = 96
"""Payload type of keys that this telephone offers: the first of the free ones, and the one that SIPp plays."""

KEY_DOWN_S = 0.1
"""How long a key is held; receivers of tones take one from 40 ms on (ITU-T Q.24)."""

EVERY_KEY_S = 0.25
"""From one key to the next: a quick thumb."""

END_PACKETS = 3
"""The last packet of a key is sent three times (RFC 4733, section 2.5.1.4)."""

SILENT_S = 0.5
"""Nothing heard for that long: the hotline has said what it had to say."""

LOOK_EVERY_S = 0.01


@dataclass(frozen=True)
class Press:
    """Keys, and when: so many seconds after the next prompt began to be heard, or once it is over (None)."""

    keys: str
    after_s: float | None = None


@dataclass
class Prompt:
    """What was heard without a break, from the packet with the marker bit on."""

    began_at: float
    """Monotonic seconds, as `last_heard_at`."""
    last_heard_at: float
    packets: dict[int, bytes] = field(default_factory=dict)

    @property
    def samples(self) -> array[int]:
        """What was heard, in order."""
        return alaw.decode(b"".join(self.packets[timestamp] for timestamp in sorted(self.packets)))

    @property
    def seconds(self) -> float:
        """How long it was."""
        return seconds(self.samples)

    @property
    def loudness(self) -> float:
        """Root of the mean square of its samples."""
        return loudness(self.samples)


class Phone(asyncio.DatagramProtocol):
    """Hears at a port of its own, which the caller's INVITE names, and presses keys to wherever the sound comes from."""

    def __init__(self, every_key_s: float = EVERY_KEY_S) -> None:
        self.prompts: list[Prompt] = []
        self.pressed: list[tuple[str, float]] = []
        self.port = 0
        self._every_key_s = every_key_s
        self._transport: asyncio.DatagramTransport | None = None
        self._hotline: tuple[str, int] | None = None
        self._sequence = secrets.randbelow(1 << 15)
        self._timestamp = secrets.randbelow(1 << 31)
        self._source = secrets.randbits(32)

    @classmethod
    async def opened(cls, host: str, every_key_s: float) -> Self:
        """Return one that hears at a free port."""
        loop = asyncio.get_running_loop()
        _, phone = await loop.create_datagram_endpoint(lambda: cls(every_key_s), local_addr=(host, 0))
        return phone

    def close(self) -> None:
        """Hear no longer."""
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what sends."""
        assert isinstance(transport, asyncio.DatagramTransport)
        self._transport = transport
        self.port = int(transport.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hear one packet."""
        packet = Packet.read(data)
        if not packet or packet.payload_type != PCMA:
            return
        self._hotline = addr
        now = time.monotonic()
        if packet.marker or not self.prompts:
            self.prompts.append(Prompt(now, now))
        self.prompts[-1].last_heard_at = now
        self.prompts[-1].packets[packet.timestamp] = packet.payload

    async def press(self, presses: Sequence[Press]) -> None:
        """Press keys, each lot at a prompt that began after the lot before."""
        prompts = 0
        for press in presses:
            while len(self.prompts) <= prompts or not self._is_time(press):
                await asyncio.sleep(LOOK_EVERY_S)
            prompts = len(self.prompts)
            for key in press.keys:
                await self._hold(key)

    def _is_time(self, press: Press) -> bool:
        now, prompt = time.monotonic(), self.prompts[-1]
        if press.after_s is None:
            return now - prompt.last_heard_at >= SILENT_S
        return now - prompt.began_at >= press.after_s

    async def _hold(self, key: str) -> None:
        """Press one key: packets of the same timestamp with a growing duration, the last of them thrice."""
        began = time.monotonic()
        self.pressed.append((key, began))
        for sent in range(1, round(KEY_DOWN_S / PACKET_S) + 1):
            self._send(key, sent, marker=sent == 1)
            await asyncio.sleep(max(0.0, began + sent * PACKET_S - time.monotonic()))
        for _ in range(END_PACKETS):
            self._send(key, sent + 1, end=True)
        self._timestamp += int(self._every_key_s * alaw.RATE)
        await asyncio.sleep(max(0.0, began + self._every_key_s - time.monotonic()))

    def _send(self, key: str, packets: int, marker: bool = False, end: bool = False) -> None:
        assert self._transport and self._hotline
        payload = event_payload(key, packets * PACKET_SAMPLES, end)
        packet = Packet(marker, EVENT_TYPE, self._sequence, self._timestamp, self._source, payload)
        self._transport.sendto(packet.written(), self._hotline)
        self._sequence += 1

    def write(self, path: Path) -> None:
        """Write all that was heard as a WAV of 8 kHz, with the silence in between as long as it was."""
        sound: array[int] = array("h")
        for prompt in self.prompts:
            sound += pause(max(0.0, prompt.began_at - self.prompts[0].began_at - seconds(sound)))
            sound += prompt.samples
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(alaw.RATE)
            file.writeframes(sound.tobytes())
