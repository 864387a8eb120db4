"""A channel's word to the backend about who is writing: the only secret of it that the Rasa process holds."""

import base64
import hashlib
import hmac
import json


def vouch(key: str, channel: str, sender: str, conversation: str, lang: str, now: float) -> str:
    """Return the `X-Sender` voucher: what the channel knows of the sender, signed with the channel credential.

    The backend accepts it for 10 minutes. It proves which conversation is speaking, never who the person is.
    """
    claims = {"channel": channel, "sender": sender, "conversation": conversation, "lang": lang, "iat": int(now)}
    payload = _base64url(json.dumps(claims, separators=(",", ":")).encode())
    signature = hmac.new(key.encode(), payload.encode(), hashlib.sha256).digest()
    return f"{payload}.{_base64url(signature)}"


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
