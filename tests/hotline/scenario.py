"""What SIPp does in a call, as the XML that it reads: it dials, then somebody hangs up, or it gives up while it rings."""

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from tests.hotline.phone import EVENT_TYPE, Press

FOREVER_S = 600.0

_REQUEST = """{method} sip:hotline@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch={branch}
From: <sip:{number}@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:hotline@[remote_ip]:[remote_port]>{their_tag}
Call-ID: [call_id]
CSeq: {cseq} {method}
Contact: <sip:{number}@[local_ip]:[local_port]>
Max-Forwards: 70
{more}Content-Length: [len]

{body}"""

_OFFER = """v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio {port} RTP/AVP 8 {event_type}
a=rtpmap:8 PCMA/8000
a=rtpmap:{event_type} telephone-event/8000
a=fmtp:{event_type} 0-11
"""

_OK = """SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

"""


def hangs_up(number: str, asserted: str | None, port: int, after_s: float | None, plays: Sequence[Press] = ()) -> str:
    """Return a call from `number` that hears at `port` and hangs up after so many seconds, unless the hotline did before.

    `asserted` is the number that the network vouches for. SIPp itself plays the keys of `plays`, each lot so many seconds
    after the one before (for that it needs root); to be heard takes it about 0.4 s a key.
    """
    played: list[str] = []
    for press in plays:
        played += [_pause(press.after_s or 0.0), f"<nop><action><exec play_dtmf={quoteattr(press.keys)}/></action></nop>"]
    return _scenario(
        _invite(number, asserted, port),
        '<recv response="100" optional="true"/>',
        '<recv response="180" optional="true"/>',
        '<recv response="200"/>',
        _send(_request("ACK", number)),
        *played,
        f'<recv request="BYE" timeout="{_ms(FOREVER_S if after_s is None else after_s)}" ontimeout="1"/>',
        _send(_OK, 'next="2"'),
        '<label id="1"/>',
        _send(_request("BYE", number, cseq=2), 'retrans="500"'),
        '<recv response="200"/>',
        '<label id="2"/>',
    )


def gives_up(number: str, asserted: str | None, port: int, after_s: float) -> str:
    """Return a call that is cancelled while it rings."""
    return _scenario(
        _invite(number, asserted, port),
        '<recv response="100"/>',
        '<recv response="180"/>',
        _pause(after_s),
        _send(_request("CANCEL", number, branch="[branch-4]", their_tag=""), 'retrans="500"'),
        '<recv response="200"/>',
        '<recv response="487"/>',
        _send(_request("ACK", number, branch="[branch-7]")),
    )


def _request(method: str, number: str, cseq: int = 1, **parts: str) -> str:
    usual = {"branch": "[branch]", "their_tag": "[peer_tag_param]", "more": "", "body": ""}
    return _REQUEST.format(method=method, number=number, cseq=cseq, **{**usual, **parts})


def _invite(number: str, asserted: str | None, port: int) -> str:
    vouched = f"P-Asserted-Identity: <sip:{asserted}@[local_ip]>\n" if asserted else ""  # RFC 3325
    offer = _OFFER.format(port=port, event_type=EVENT_TYPE)
    more = f"{vouched}Content-Type: application/sdp\n"
    return _send(_request("INVITE", number, their_tag="", more=more, body=offer), 'retrans="500"')


def _send(message: str, attributes: str = "") -> str:
    return f"<send {attributes}><![CDATA[\n{message}\n]]></send>"


def _pause(seconds: float) -> str:
    return f'<pause milliseconds="{_ms(seconds)}"/>'


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _scenario(*steps: str) -> str:
    return "\n".join(('<?xml version="1.0" encoding="utf-8"?>', '<scenario name="caller">', *steps, "</scenario>", ""))
