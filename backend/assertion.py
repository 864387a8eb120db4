"""The sender assertion: a channel vouches for who writes in which conversation, in which language."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from backend.errors import Unauthorized
from backend.keys import same, url_text

LIFE_S = 600  # an assertion lives as long as one slow turn of the dialogue with retries
FUTURE_SKEW_S = 60
MAX_LENGTH = 2_048  # characters
ACCOUNT_PAGE = "account_page"  # the backend's own page: the program itself is the channel, nobody vouches for it


@dataclass(frozen=True)
class Sender:
    """Who speaks, as the channel proved it."""

    channel: str
    sender: str
    conversation: str
    lang: str


def mint(credential: str, sender: Sender, issued_at: int) -> str:
    """The assertion a channel would send; `issued_at` in seconds since the epoch."""
    claims = {
        "channel": sender.channel,
        "sender": sender.sender,
        "conversation": sender.conversation,
        "lang": sender.lang,
        "iat": issued_at,
    }
    head = url_text(json.dumps(claims, separators=(",", ":")).encode())
    return f"{head}.{_sign(credential, head)}"


def verify(credentials: Sequence[str], text: str, now: int) -> Sender:
    """The sender the assertion names; raises Unauthorized when it is malformed, forged or out of its time."""
    head, dot, signature = text.partition(".")
    if not dot or len(text) > MAX_LENGTH or not text.isascii():
        raise Unauthorized()
    # Every credential is tried, so that the time does not tell which one is current.
    if not sum(same(_sign(credential, head), signature) for credential in credentials):
        raise Unauthorized()
    try:
        claims = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, binascii.Error) as error:
        raise Unauthorized() from error
    if not isinstance(claims, dict):
        raise Unauthorized()
    issued_at = claims.get("iat")
    if type(issued_at) is not int or not now - LIFE_S <= issued_at <= now + FUTURE_SKEW_S:
        raise Unauthorized()
    texts = [claims.get(name) for name in ("channel", "sender", "conversation", "lang")]
    channel, sender, conversation, lang = (part if isinstance(part, str) else "" for part in texts)
    if not re.fullmatch(r"[a-z_]{1,16}", channel) or not sender or not conversation or lang not in ("vi", "en"):
        raise Unauthorized()
    if channel == ACCOUNT_PAGE:
        raise Unauthorized()
    return Sender(channel=channel, sender=sender, conversation=conversation, lang=lang)


def _sign(credential: str, head: str) -> str:
    return url_text(hmac.new(credential.encode(), head.encode("ascii"), hashlib.sha256).digest())
