"""G.711 A-law, the codec of every telephone trunk: one byte a sample, 8000 samples a second (ITU-T G.711)."""

from array import array
from collections.abc import Iterable

RATE = 8000
"""Samples in a second."""

_EVEN_BITS = 0x55
"""Every second bit is inverted on the line (G.711, table 1a, note 2)."""


def _decoded(byte: int) -> int:
    """Return the 16-bit sample that one byte stands for: sign, three bits of segment, four bits within it."""
    bits = byte ^ _EVEN_BITS
    segment = (bits & 0x70) >> 4
    size = ((bits & 0x0F) << 4) + 8
    if segment:
        size = (size + 0x100) << (segment - 1)
    return size if bits & 0x80 else -size


def _encoded(sample: int) -> int:
    """Return the byte of a 16-bit sample; its lowest four bits of loudness, or more when it is loud, are lost."""
    sign = 0x80 if sample >= 0 else 0
    size = sample if sample >= 0 else ~sample
    segment = max(0, size.bit_length() - 8)
    step = size >> (segment + 3 if segment else 4)
    return (sign | segment << 4 | step & 0x0F) ^ _EVEN_BITS


_TO_SAMPLE = [_decoded(byte) for byte in range(256)]
_TO_BYTE = bytes(_encoded(level << 4) for level in range(-2048, 2048))  # what the codec keeps of 16 bits are 12

SILENCE = _encoded(0)


def encode(samples: Iterable[int]) -> bytes:
    """Return the A-law bytes of 16-bit samples."""
    return bytes(_TO_BYTE[(sample >> 4) + 2048] for sample in samples)


def decode(data: bytes) -> array[int]:
    """Return the 16-bit samples of A-law bytes."""
    return array("h", (_TO_SAMPLE[byte] for byte in data))
