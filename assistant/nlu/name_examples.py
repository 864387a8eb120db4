"""Annotated sentences once more, as other people would write them: other names, no accents, no capitals, only the value."""

import random
from typing import Iterator, List, Sequence, Tuple

from assistant.nlu.folding import fold_in_place
from assistant.nlu.given_names import GIVEN
from assistant.nlu.language import detect
from assistant.nlu.surnames import ACCENTED_SURNAMES, COMMON

Example = Tuple[str, List[Tuple[int, int]]]
"""A text and the spans of the names in it."""

_SEED = 20261122
_MIDDLE = """
    thị văn đức minh thanh ngọc hữu quốc thu kim hồng xuân gia bảo đình phương mai bá như khánh bích công diễm mỹ trọng
    tấn
""".split()
_FIRST_NAMES = """
    Aarav Abdul Aditi Ahmed Aisha Akira Alejandro Alice Amit Ana Andrea Angel Ananya Antonio Arvind Ashok Ben Bharat
    Bianca Brandon Brian Carlo Carmen Chidi Chloe Christine Claire Daisuke Darren David Deepa Diego Dimitri Divya Elena
    Emily Erik Fernando Francesca Gabriel Ganesh George Gita Hannah Harish Hassan Haruto Helga Henry Hyun Imran Ines
    Irina Isabel Jack Jasmine Javier Jenny Jerome Jessica Jin Jiwon Johan Joon Jorge Joy Juan Justin Karen Kavya Keiko
    Ken Krishna Lars Laura Leila Leon Li Liam Lourdes Lucy Luis Mahesh Marco Maricel Mark Martin Meera Mei Mikhail Min
    Miguel Mohan Nadia Naoko Natalia Neha Nguyen Nicolas Nina Noah Nurul Olga Omar Oscar Pablo Paolo Pavel Petra Philip
    Pooja Rachel Rafael Ramesh Rania Raquel Ravi Rebecca Rina Rosa Rohan Ryan Sakura Samuel Sandra Sang Sara Sean Seung
    Shan Simon Sofia Sophie Soo Stefan Steve Sunil Takeshi Tariq Teresa Tim Usha Vanessa Vera Victor Vijay Wei Wen
    William Xiao Yan Yasmin Yi Yong Yusuf Zoe
""".split()
_LAST_NAMES = """
    Abdullah Aguilar Agarwal Ahn Aquino Bae Bajaj Banerjee Barnes Bautista Bennett Bernard Bianchi Bose Brown Carvalho
    Castillo Chan Chatterjee Chaudhary Cheng Chiu Chowdhury Clark Collins Cruz Das Davies Desai Dela-Cruz Diaz Dubois
    Evans Fischer Fujita Garcia Ghosh Gomez Gonzales Gupta Ha-eun Hahn Hamid Hayashi Hill Ho Hossain Hsieh Hughes
    Hussain Ibrahim Ivanov Iyer Jain Jeong Jones Joshi Kapoor Khan Ki-moon Kiyoshi Kowalski Kulkarni Kuo Lai Lau Lopez
    Malik Martinez Mehta Mei-Ling Mendoza Menon Meyer Mi-rae Miller Mishra Moreau Mori Mukherjee Müller Murphy Nair
    Nakagawa Novak O'Brien Okafor Ortega Pandey Park Pereira Petrov Pham Popov Prasad Quinn Rahman Ramos Rao Reddy Reyes
    Rivera Roberts Romero Rossi Russo Saito Santos Saxena Schmidt Shah Shimizu Silva Sim Smirnov Sokolov Sun Sung-min
    Tan Tanaka Taylor Tran Tsai Varma Villanueva Walker Weber Wei-Ting Wilson Wong Wright Yeo Yu-chen Yun Zhao
    Zimmermann
""".split()
_EASTERN_SURNAMES = """
    Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Seo Shin Kwon Hwang Lin Chen Wang Wu Tsai Hsu Liu Huang Chang
    Cheng Hsieh Kuo Lai
""".split()
_SYLLABLES = """
    Ji Min Hoon Woo Hyun Seok Young Soo Jin Hee Mi Rae Eun Mei Ling Hua Yu Ting Chih Hao Wei Chia Chun Chieh Ming Che
    Hui Fen Jun Shu Kai
""".split()
"""What foreign names are recomposed of."""
_TALE = 160
"""Characters from which a text tells a story: its variants would teach little and cost much."""


def varied(examples: Sequence[Example]) -> Iterator[Example]:
    """Yield every example, and for those with a name variants of it; the same ones at every call."""
    chance = random.Random(_SEED)
    given = sorted(GIVEN)
    surnames = sorted(ACCENTED_SURNAMES)
    for text, spans in examples:
        yield text, spans
        if not spans or len(text) > _TALE:
            continue
        english = detect(text) == "en"
        yield _renamed(text, spans, chance, surnames, given, 0.7 if english else 0.04)
        if english:
            yield _renamed(text, spans, chance, surnames, given, 1.0)
        folded = fold_in_place(text)
        loud = text.upper()
        yield chance.choice((folded, folded, folded.title(), loud if len(loud) == len(text) else folded)), spans
        start, end = spans[0]
        if len(spans) == 1:
            yield text[start:], [(0, end - start)]


def telling(examples: Sequence[Example], at_most: int) -> List[Example]:
    """Return the examples with a name, and at most so many others: first those with a word that is also a surname."""
    named = [example for example in examples if example[1]]
    nameless = [example for example in examples if not example[1]]
    random.Random(_SEED).shuffle(nameless)
    nameless.sort(key=lambda example: -_surnames_in(example[0]))
    return named + nameless[: at_most * 2 // 3] + nameless[at_most * 2 // 3 :: 3][: at_most // 3]


def _surnames_in(text: str) -> bool:
    return any(word in COMMON for word in fold_in_place(text).split())


def _renamed(
    text: str, spans: List[Tuple[int, int]], chance: random.Random, surnames: Sequence[str], given: Sequence[str], foreign: float
) -> Example:
    """Return the example with each name replaced, in the writing of the old one; with that chance by a foreign one."""
    result, done, renamed = "", 0, []
    for start, end in sorted(spans):
        old = text[start:end]
        name = old
        if fold_in_place(old).split()[0] in COMMON:
            words = [chance.choice(surnames)]
            if chance.random() < 0.7:
                words.append(chance.choice(_MIDDLE))
            words += chance.sample(given, 2 if chance.random() < 0.35 else 1)
            name = " ".join(words)
            name = name.upper() if old.isupper() else name if old.islower() else name.title()
            name = name if fold_in_place(old) != old.lower() else _folded(name)
        if name is old or chance.random() < foreign:
            name = _foreign_name(chance)
            name = name.upper() if old.isupper() else name.lower() if old.islower() else name
        result += text[done:start]
        renamed.append((len(result), len(result) + len(name)))
        result += name
        done = end
    return result + text[done:], renamed


def _foreign_name(chance: random.Random) -> str:
    if chance.random() < 0.25:
        first, second = chance.sample(_SYLLABLES, 2)
        sign, last = chance.choice(("-", "-", " ", "")), chance.choice((second, second.lower()))
        return f"{chance.choice(_EASTERN_SURNAMES)} {first}{sign}{last}"
    return " ".join([chance.choice(_FIRST_NAMES), *chance.sample(_LAST_NAMES, 2 if chance.random() < 0.15 else 1)])


def _folded(name: str) -> str:
    folded = fold_in_place(name)
    return "".join(char.upper() if written.isupper() else char for char, written in zip(folded, name, strict=False))
