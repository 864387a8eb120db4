"""What must be kept for a while and may not be read on disk: sealed with a key of the channels' own."""

import base64
import json
from typing import Any, Dict

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from rasa.shared.exceptions import RasaException


class Unsealable(RasaException):
    """What was sealed was sealed with another key, or changed since."""


class Seal:
    """Seals with the first of the `secrets` ("new,old"), opens with any; the key itself is derived and used for nothing else."""

    def __init__(self, secrets: str) -> None:
        self._keys = MultiFernet([Fernet(_derived(secret)) for secret in secrets.split(",")])

    def close(self, body: Dict[str, Any]) -> bytes:
        """Return the body as bytes that say nothing."""
        return self._keys.encrypt(json.dumps(body, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> Dict[str, Any]:
        """Return the body.

        Raises:
            Unsealable: no key of ours sealed it.
        """
        try:
            return dict(json.loads(self._keys.decrypt(sealed)))
        except (InvalidToken, ValueError, TypeError):
            raise Unsealable("sealed with another key") from None


def _derived(secret: str) -> bytes:
    key = HKDF(SHA256(), 32, salt=None, info=b"inbox of the channels").derive(secret.encode())
    return base64.urlsafe_b64encode(key)
