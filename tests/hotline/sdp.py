"""What two sides of a call agree on: where sound goes and in which form (SDP, RFC 8866, by offer and answer, RFC 3264)."""

import re
from dataclasses import dataclass
from typing import Self

from tests.hotline.rtp import PCMA


@dataclass(frozen=True)
class Offer:
    """What the caller takes: where its sound goes, whether as A-law, and the payload type of keys as events."""

    address: tuple[str, int]
    takes_alaw: bool
    event_type: int | None

    @classmethod
    def read(cls, body: str) -> Self | None:
        """Return what a description offers, or None when there is no sound in it."""
        media = re.search(r"^m=audio (\d+) RTP/AVP ([\d ]+)", body, re.M)
        hosts = re.findall(r"^c=IN IP4 (\S+)", body, re.M)
        if not media or not hosts:
            return None
        events = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", body, re.M)
        return cls((hosts[-1], int(media[1])), str(PCMA) in media[2].split(), int(events[1]) if events else None)


def answer(host: str, port: int, event_type: int) -> str:
    """Return a description that takes A-law and, under the offer's own number, the keys 0-9, * and #."""
    lines = [
        "v=0",
        f"o=- 1 1 IN IP4 {host}",
        "s=-",
        f"c=IN IP4 {host}",
        "t=0 0",
        f"m=audio {port} RTP/AVP {PCMA} {event_type}",
        f"a=rtpmap:{PCMA} PCMA/8000",
        f"a=rtpmap:{event_type} telephone-event/8000",
        f"a=fmtp:{event_type} 0-11",
        "a=ptime:20",
        "a=sendrecv",
    ]
    return "".join(f"{line}\r\n" for line in lines)
