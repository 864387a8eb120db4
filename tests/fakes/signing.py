"""How the two providers sign what they send, and what Meta wants beside a token."""

import hashlib
import hmac


def hub_signature(secret: str, body: bytes, algorithm: str = "sha256") -> str:
    """Return the value of `X-Hub-Signature-256`, or with `sha1` of the legacy `X-Hub-Signature`."""
    return f"{algorithm}={hmac.new(secret.encode(), body, algorithm).hexdigest()}"


def zalo_signature(app_id: str, body: bytes, timestamp: str, oa_secret: str) -> str:
    """Return the value of `X-ZEvent-Signature`: a plain SHA-256, not an HMAC (`MacUtils.java` of Zalo's SDK)."""
    return f"mac={hashlib.sha256(app_id.encode() + body + timestamp.encode() + oa_secret.encode()).hexdigest()}"


def appsecret_proof(app_secret: str, token: str) -> str:
    """Return the proof that who holds the token also knows the app's secret; both providers compute it alike."""
    return hmac.new(app_secret.encode(), token.encode(), "sha256").hexdigest()
