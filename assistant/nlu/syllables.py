"""What a Vietnamese syllable is: an onset, a rime and a tone. Decides whether keystrokes or a word can be Vietnamese."""

import re
import unicodedata
from functools import lru_cache
from typing import Tuple

ONSETS = frozenset("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()) | {""}
RIMES = frozenset(
    """a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et
    ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao
    oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua ui um un ung uc up ut uy uya uych uynh uyt uyu uyên uyêt uê uênh uêch uân uâng uât uây uơ uôc uôi uôm uôn uông uôt
    ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu ynh yt êc eng""".split()
)
TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
"""Each tone mark and the Telex key that types it."""
_STOPPED = re.compile(r"(?:c|ch|p|t)$")
_ONSET = re.compile(r"ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx]|")


def split_tone(word: str) -> Tuple[str, str]:
    """Return a lower-case word without its tone mark, and the mark as its Telex key ("" for the level tone)."""
    tone = ""
    letters = []
    for char in unicodedata.normalize("NFD", word):
        if char in TONES:
            tone = tone or TONES[char]
        else:
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)), tone


def is_syllable(word: str) -> bool:
    """Return whether a lower-case NFC word is a possible Vietnamese syllable, spelled with its accents."""
    base, tone = split_tone(word)
    return is_shape(base) and not (_STOPPED.search(base) and tone not in ("", "s", "j"))  # a forgotten tone is common


def is_shape(base: str) -> bool:
    """Return whether a word without tone mark has an onset and a rime, whatever its tone would have to be."""
    onset = _ONSET.match(base).group()  # type: ignore[union-attr]  # it matches nothing, too
    rime = base[len(onset) :]
    if onset == "gi" and rime not in RIMES:  # gì, giếng: the i belongs to the rime
        onset, rime = "g", base[1:]
    return onset in ONSETS and rime in RIMES


_FOLDED_RIMES = frozenset(
    "".join(char for char in unicodedata.normalize("NFD", rime) if not unicodedata.combining(char)) for rime in RIMES
)


@lru_cache(maxsize=4096)
def is_plain_shape(word: str) -> bool:
    """Return whether a word of plain letters could be a syllable whose accents were left out (`mat`, `dang`, `truong`)."""
    onset = _ONSET.match(word).group()  # type: ignore[union-attr]
    rime = word[len(onset) :]
    if onset == "gi" and rime not in _FOLDED_RIMES:
        onset, rime = "g", word[1:]
    return onset in ONSETS and rime in _FOLDED_RIMES
