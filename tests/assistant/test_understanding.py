"""The trained model against sentences that it was not trained on: it may get better, never quietly worse."""

import asyncio
import random
import time
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant.evaluate.command import evaluate
from assistant.evaluate.gate import broken
from assistant.evaluate.labelled import read_labelled
from assistant.nlu.folding import fold
from assistant.parse import parse_lines
from tests.assistant.training_sentences import training_sentences

ROOT = Path(__file__).parent.parent.parent
LIMITS = ROOT / "tests/nlu/limits.yml"
MAIN_TASKS = ("forgot_password", "add_email", "register_account", "code_search", "official_channel")
ALIKE = 0.93
"""The share of two sentences that is the same, from which on they are near duplicates."""
SLOW_S = 2.0
"""Seconds of this process: far above the 0.1 s that is promised, which a busy machine would break and only a quiet one can show.
A pattern that explodes takes minutes."""
WALL = 5_000
TOPICS_RIGHT = 0.85
"""Share of the general questions whose answer is that of their topic; 0.9 was measured."""


def test_the_model_keeps_to_its_limits(agent: Agent) -> None:
    report = asyncio.run(evaluate(agent, read_labelled(ROOT / "tests/nlu/evaluation")))
    assert broken(report, LIMITS) == []


def test_a_general_question_gets_the_answer_of_its_topic(agent: Agent) -> None:
    """Nine of ten that are taken for a general question; what is no known topic is not answered by another's."""
    rows = yaml.safe_load((ROOT / "tests/nlu/evaluation/faq.yml").read_text(encoding="utf-8"))
    parsed = [asyncio.run(agent.parse_message(row["text"])) for row in rows]
    selected = [
        (row["intent"], one["response_selector"]["faq"]["response"]["intent_response_key"])
        for row, one in zip(rows, parsed)
        if one["intent"]["name"] == "faq"
    ]
    assert len(selected) >= 0.9 * len(rows)
    assert sum(meant == said for meant, said in selected) >= TOPICS_RIGHT * len(selected)
    unknown = asyncio.run(agent.parse_message("bảo hiểm xã hội có cho vay tiền mua xe máy trả góp không"))
    assert (unknown.get("response_selector") or {"faq": {"response": {}}})["faq"]["response"].get("intent_response_key") in (
        None,
        "faq/other",
    )


def test_there_is_enough_to_learn_from() -> None:
    counts = Counter(intent for _, intent in training_sentences())
    assert counts.total() >= 8_000
    assert [intent for intent in MAIN_TASKS if counts[intent] < 500] == []
    assert counts["out_of_scope"] >= 1_200
    assert counts["faq"] >= 400
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
    untyped = ("hotline_password", "nlu_fallback")  # a key of the telephone, and what was not understood
    assert [intent for intent in domain if intent not in untyped and counts[intent] < 150] == []


def test_the_evaluation_set_is_large_and_has_every_style_and_language() -> None:
    labelled = read_labelled(ROOT / "tests/nlu/evaluation")
    assert len(labelled) >= 800
    assert len({one.style for one in labelled}) == 12
    assert {one.lang for one in labelled} == {"vi", "en"}
    assert all(one.entities is not None for one in labelled)


def test_no_sentence_is_trained_on_twice_and_none_of_the_evaluation_set_at_all() -> None:
    trained = [plain(text) for text, _ in training_sentences()]
    asked = {plain(one.text) for one in read_labelled(ROOT / "tests/nlu/evaluation")}
    assert [text for text, count in Counter(trained).items() if count > 1] == []
    assert sorted(asked.intersection(trained)) == []


def test_no_two_long_sentences_of_the_training_data_are_nearly_the_same() -> None:
    sentences = [plain(text) for text, _ in training_sentences() if len(text) > 20]
    # What few sentences have finds the candidates: two that are nearly the same share that, too.
    rows = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), max_df=0.02).fit_transform(sentences)
    alike = (rows @ rows.T).tocoo()
    close = [(sentences[a], sentences[b]) for a, b, share in zip(alike.row, alike.col, alike.data) if a < b and share > 0.8]
    assert [pair for pair in close if SequenceMatcher(None, *pair, autojunk=False).ratio() > ALIKE] == []


def plain(text: str) -> str:
    """Return what two sentences share that differ in accents, capitals and punctuation only."""
    words = "".join(char if char.isalnum() else " " for char in fold(text)).split()
    return " ".join(words) or text


ODD = {
    "nothing": "",
    "one letter": "a",
    "a question mark": "?",
    "spaces": " " * 300,
    "control characters": "quên\x00\x07 mật\x1b khẩu\x7f",
    "right-to-left marks": "\u202equên mật khẩu\u202c \u200f",
    "arabic": "نسيت كلمة المرور",
    "chinese": "我忘记了密码",
    "khmer": "ខ្ញុំភ្លេចពាក្យសម្ងាត់",
    "emoji": "👩‍👩‍👧‍👦" * 50,
    "combining marks": "a" + "\u0301" * 3_000,
    "a wall of one letter": "a" * WALL,
    "a wall of digits": "0123456789" * (WALL // 10),
    "digits and dots": "1." * (WALL // 2),
    "digits and spaces": "1 " * (WALL // 2),
    "spoken digits": "không chín " * (WALL // 11),
    "at signs": "a@" * (WALL // 2),
    "mail-like": "a.b-c_d@" * (WALL // 8),
    "link-like": "www.a." * (WALL // 6),
    "a cong": "a còng " * (WALL // 7),
    "names": "Nguyễn Văn " * (WALL // 11),
    "telex": "queen maatj khaaur " * (WALL // 19),
    "vni": "a1b2c3d4e5 " * (WALL // 11),
    "letters with spaces": "q u ê n " * (WALL // 8),
    "a pasted e-mail": "From: a@b.vn\nTo: c@d.vn\nSubject: Re: Fwd: BHXH\n\n> quên mật khẩu\n> " * 70,
    "markup": "<script>alert(1)</script>{{7*7}}[a](b)" * 120,
    "braces": "{[(" * 1_600,
    "a lone surrogate": "quên \ud800 mật khẩu",
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_input_gets_an_answer_at_once(agent: Agent, text: str) -> None:
    asyncio.run(parse_lines(agent, ["quên mật khẩu"]))
    started = time.process_time()
    [reading] = asyncio.run(parse_lines(agent, [text]))
    assert time.process_time() - started < SLOW_S
    assert reading["intent"] and isinstance(reading["entities"], dict)


def test_random_mixtures_of_everything_never_raise_and_never_take_long(agent: Agent) -> None:
    pieces = [
        *ODD.values(),
        "quên mật khẩu",
        " 7912345678 ",
        "ngày 3 tháng 2 năm 58 ",
        "lan a còng gmail chấm com ",
        "0912.345.678",
        "\n",
    ]
    draw = random.Random(5)
    for _ in range(60):
        text = "".join(piece[: draw.randrange(1, 80)] for piece in draw.choices(pieces, k=draw.randrange(1, 40)))[:WALL]
        started = time.process_time()
        asyncio.run(parse_lines(agent, [text]))
        assert time.process_time() - started < SLOW_S, text


def test_a_value_given_in_any_spelling_is_printed_in_its_normal_form(agent: Agent) -> None:
    rows: list[dict[str, Any]] = asyncio.run(parse_lines(agent, ["mã của em là 79 1234 5678, sđt +84 912 345 678"]))
    assert rows[0]["entities"] == {"bhxh_code": "7912345678", "phone": "0912345678"}
