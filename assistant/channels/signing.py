"""How a channel proves itself to the backend: every request is signed, for what it is, once, and for a minute.

The backend's side is `backend/signature.py`; `tests/e2e/test_uploads.py` holds the two together.
"""

import base64
import hashlib
import hmac
import secrets
import time
from typing import Dict

SCHEME = "VssID-HMAC-SHA256"


def signed(credential: str, method: str, path: str, body: bytes, sender: str, key: str) -> Dict[str, str]:
    """Return the headers of a request that only this credential can have made; `key` is its idempotency key."""
    at, nonce = int(time.time()), base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()
    parts = (method, path, str(at), nonce, hashlib.sha256(body).hexdigest(), sender, key)
    mac = hmac.new(credential.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()
    return {"X-Sender": sender, "Idempotency-Key": key, "Authorization": f"{SCHEME} t={at}, n={nonce}, s={mac}"}
