"""Which language a sentence is written in."""

import pytest

from assistant.nlu.language import detect


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("tôi quên mật khẩu", "vi"),
        ("quen mat khau", "vi"),
        ("reset password giúp em", "vi"),
        ("e wen mk r lm s lay lai", "vi"),
        ("I forgot my password", "en"),
        ("forgot password", "en"),
        ("what is this for", "en"),
        ("my email is lan@example.com", "en"),
        ("I am Nguyễn Thị Lan and I live in Hà Nội", "en"),
        ("Dinh Thi Hoa, born 08/03/1992", "en"),
        ("Dinh Thi Hoa", None),
        ("code: 7900000001, email: lan@example.com", None),
        ('<img src=x onerror="document.title=1"> <b>bold</b> <script>document.title</script>', None),
        ("ok", None),
        ("ok thanks", None),
        ("hello", None),
        ("7900000001", None),
        ("lan@example.com", None),
        ("", None),
        ("😀", None),
    ],
)
def test_only_a_sentence_decides_the_language(text: str, lang: str | None) -> None:
    assert detect(text) == lang
