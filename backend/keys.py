"""Subkeys of the one master key: sealing of columns, blind indexes, MACs."""

import base64
import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.randomness import Randomness

NONCE_BYTES = 12  # the size AES-GCM is specified for (NIST SP 800-38D)


class Unreadable(Exception):
    """A sealed value was made with another key, or for another row or column."""


def url_text(raw: bytes) -> str:
    """Base64 for URLs without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def same(expected: str, given: str) -> bool:
    """Constant-time comparison of two texts, whatever characters were sent as `given`."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


class Keys:
    """All keyed operations; one HKDF subkey a purpose, so that no two uses share a key."""

    def __init__(self, master: str, randomness: Randomness) -> None:
        self._master = master.encode("utf-8")
        self._randomness = randomness
        self._subkeys: dict[str, bytes] = {}
        self._cipher = AESGCM(self._subkey("seal"))

    def _subkey(self, purpose: str) -> bytes:
        if purpose not in self._subkeys:
            kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"backend/{purpose}".encode())
            self._subkeys[purpose] = kdf.derive(self._master)
        return self._subkeys[purpose]

    def mac(self, purpose: str, *parts: str) -> str:
        """Hex HMAC-SHA-256 over length-prefixed parts, so that no two part lists collide."""
        digest = hmac.new(self._subkey(purpose), digestmod=hashlib.sha256)
        for part in parts:
            raw = part.encode("utf-8")
            digest.update(len(raw).to_bytes(4, "big") + raw)
        return digest.hexdigest()

    def token(self, count: int = 32) -> str:
        """A fresh url-safe token of `count` random bytes."""
        return url_text(self._randomness.octets(count))

    def row_id(self) -> str:
        """A fresh 128-bit row id in hex."""
        return self._randomness.octets(16).hex()

    def seal(self, plain: str, *, table: str, column: str, row: str) -> str:
        """AES-256-GCM of `plain`, bound to its place; moved elsewhere it does not open."""
        nonce = self._randomness.octets(NONCE_BYTES)
        aad = f"{table}.{column}.{row}".encode()
        return "k1." + url_text(nonce + self._cipher.encrypt(nonce, plain.encode("utf-8"), aad))

    def unseal(self, sealed: str, *, table: str, column: str, row: str) -> str:
        """The text sealed at that place; raises Unreadable for any other place or key."""
        prefix, _, body = sealed.partition(".")
        raw = _decode(body)
        if prefix != "k1" or len(raw) <= NONCE_BYTES:
            raise Unreadable(f"{table}.{column}")
        try:
            aad = f"{table}.{column}.{row}".encode()
            return self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], aad).decode("utf-8")
        except InvalidTag as error:
            raise Unreadable(f"{table}.{column}") from error
