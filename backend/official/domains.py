"""Who registered a host: its public suffix and the name below it, by the public suffix list that is bundled."""

from functools import cache

from publicsuffixlist import PublicSuffixList

GOVERNMENT = "gov.vn"


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def registrable(host: str) -> str:
    """The registered domain (`evil.com` of `www.evil.com`); the host itself when it is a bare suffix or a single name."""
    return _suffixes().privatesuffix(host) or host


def suffix_of(host: str) -> str:
    """The public suffix the host ends in, such as `com.vn`."""
    return _suffixes().publicsuffix(host) or host


def has_known_ending(host: str) -> bool:
    """Whether the host ends in a suffix that exists, so that a word with a dot in it is taken for an address."""
    return _suffixes().publicsuffix(host, accept_unknown=False) is not None and "." in host


def is_government(host: str) -> bool:
    """Whether only a Vietnamese state body could register it."""
    return host.endswith("." + GOVERNMENT)


def ends_in(host: str, name: str) -> bool:
    """Whether the host is that name or lies below it; the only test by which a host is official or reported."""
    return host == name or host.endswith("." + name)
