"""The master keys and what hangs on them: sealing of columns, blind indexes, MACs.

`BACKEND_KEY` is a ring, "current,older…": the first one writes, all of them read. A sealed value names its key, so that
keys can be changed while people are being served (`backend/rotation.py`).
"""

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
    """A sealed value was made with a key that is gone, or for another row or column."""


def url_text(raw: bytes) -> str:
    """Base64 for URLs without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def url_bytes(text: str) -> bytes:
    """What `url_text` wrote; raises ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def same(expected: str, given: str) -> bool:
    """Constant-time comparison of two texts, whatever characters were sent as `given`."""
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "surrogatepass"))


class _Master:
    """One master key; one HKDF subkey a purpose, so that no two uses share a key."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode("utf-8")
        self._subkeys: dict[str, bytes] = {}
        self.id = self.subkey("id")[:4].hex()
        self.cipher = AESGCM(self.subkey("seal"))

    def subkey(self, purpose: str) -> bytes:
        if purpose not in self._subkeys:
            kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"backend/{purpose}".encode())
            self._subkeys[purpose] = kdf.derive(self._secret)
        return self._subkeys[purpose]

    def mac(self, purpose: str, parts: tuple[str, ...]) -> str:
        digest = hmac.new(self.subkey(purpose), digestmod=hashlib.sha256)
        for part in parts:
            raw = part.encode("utf-8")
            digest.update(len(raw).to_bytes(4, "big") + raw)
        return digest.hexdigest()


class Keys:
    """All keyed operations of the program."""

    def __init__(self, ring: tuple[str, ...], randomness: Randomness) -> None:
        self._masters = tuple(_Master(secret) for secret in ring)
        self._by_id = {master.id: master for master in self._masters}
        self._randomness = randomness

    @property
    def current(self) -> str:
        """The id of the key that writes, with which every value it sealed begins."""
        return self._masters[0].id

    def mac(self, purpose: str, *parts: str) -> str:
        """Hex HMAC-SHA-256 with the current key over length-prefixed parts, so that no two part lists collide."""
        return self._masters[0].mac(purpose, parts)

    def macs(self, purpose: str, *parts: str) -> list[str]:
        """The same with every key of the ring, the current one first: what a stored MAC may be."""
        return [master.mac(purpose, parts) for master in self._masters]

    def is_mac(self, given: str, purpose: str, *parts: str) -> bool:
        """Whether `given` is such a MAC, compared in constant time with every key of the ring."""
        return sum([same(expected, given) for expected in self.macs(purpose, *parts)]) > 0

    def token(self, count: int = 32) -> str:
        """A fresh url-safe token of `count` random bytes."""
        return url_text(self._randomness.octets(count))

    def row_id(self) -> str:
        """A fresh 128-bit row id in hex."""
        return self._randomness.octets(16).hex()

    def seal(self, plain: str, *, table: str, column: str, row: str) -> str:
        """AES-256-GCM of `plain`, bound to its place; moved elsewhere it does not open."""
        return f"{self.current}.{url_text(self._sealed(plain.encode('utf-8'), f'{table}.{column}.{row}'))}"

    def seal_bytes(self, plain: bytes, *, table: str, column: str, row: str) -> bytes:
        """The same for what is no text, without the third that base64 adds."""
        return bytes.fromhex(self.current) + self._sealed(plain, f"{table}.{column}.{row}")

    def unseal(self, sealed: str, *, table: str, column: str, row: str) -> str:
        """The text sealed at that place; raises Unreadable for any other place or a key that is not in the ring."""
        key_id, _, body = sealed.partition(".")
        return self._opened(key_id, url_bytes(body), f"{table}.{column}.{row}").decode("utf-8")

    def unseal_bytes(self, sealed: bytes, *, table: str, column: str, row: str) -> bytes:
        """What `seal_bytes` made; raises Unreadable."""
        return self._opened(sealed[:4].hex(), sealed[4:], f"{table}.{column}.{row}")

    def _sealed(self, plain: bytes, place: str) -> bytes:
        nonce = self._randomness.octets(NONCE_BYTES)
        return nonce + self._masters[0].cipher.encrypt(nonce, plain, place.encode())

    def _opened(self, key_id: str, raw: bytes, place: str) -> bytes:
        master = self._by_id.get(key_id)
        if master is None or len(raw) <= NONCE_BYTES:
            raise Unreadable(place.rpartition(".")[0])
        try:
            return master.cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
        except InvalidTag:
            raise Unreadable(place.rpartition(".")[0]) from None
