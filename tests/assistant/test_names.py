"""People's names: learned from annotated sentences, found in any writing, and never where something else was found."""

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.nlu import names
from assistant.nlu.identifier_extractor import IdentifierExtractor
from assistant.nlu.name_examples import telling, varied
from assistant.nlu.name_extractor import NameExtractor
from assistant.nlu.province_extractor import ProvinceExtractor
from assistant.nlu.typed_text import TypedText

ANNOTATED = """em tên là [Nguyễn Thị Lan], tra giúp mã số
tôi là [Trần Văn Hải] ở Bến Tre, quên mật khẩu
mã số của [Lê Thị Mai] sinh năm 1985 là gì
[Phạm Quốc Bảo], 12/3/1990, Cần Thơ
cho hỏi hồ sơ của [Đỗ Thị Gái] nộp hôm qua xong chưa
Má con tên [Huỳnh Thị Bảy] ở quê một mình
Chị [Phan Thị Thu Hà], CCCD 089190004521
my name is [John Carter] and I forgot my password
account of [Maria Santos] should be closed
I am [Kenji Morita], engineer from Osaka
My wife is [Nguyen Thi Thu Trang], born 1995, Bac Ninh
[Oksana Shevchuk], passport FE902117
tra mã giùm e, tên [võ hoài thương] sn 2000
TÌM MÃ SỐ CỦA [NGUYỄN THỊ HOÀI] GẤP
EM TÊN [LÊ THỊ TRÚC] NHA
bà là [đỗ thị gái] sinh năm một chín bốn bảy""".splitlines()
NAMELESS = """tôi quên mật khẩu thì phải làm sao
Bảo hiểm xã hội Việt Nam ở đâu
công ty chưa đóng bảo hiểm cho tôi
tôi ở Hà Nội muốn đổi số điện thoại
How do I reset my password
Where is the office in Da Nang
thẻ của tôi hết hạn rồi
em muốn hỏi hồ sơ thai sản
cho xin số tổng đài
xin chào
cảm ơn bạn nhiều
quen mat khau roi
con tôi mới sinh làm thẻ ở đâu
lương hưu tháng này bao giờ có""".splitlines()


def message(annotated: str) -> Message:
    """Return a training example whose name stands in brackets."""
    begin, end = annotated.find("["), annotated.find("]") - 1
    text = annotated.replace("[", "").replace("]", "")
    entities = [{"entity": "full_name", "start": begin, "end": end, "value": text[begin:end]}] if begin >= 0 else []
    return Message({TEXT: text, ENTITIES: entities, "intent": "inform"})


def extractor(folder: Path, examples: list[Message]) -> NameExtractor:
    """Train on examples, store, and load what was stored."""
    folder.mkdir(exist_ok=True)
    storage, resource = LocalModelStorage(folder), Resource("names")
    config = NameExtractor.get_default_config()
    trained = NameExtractor.create(config, storage, resource, None)
    return NameExtractor.load(config, storage, trained.train(TrainingData(examples)), None)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> NameExtractor:
    """An extractor that learned from a few sentences."""
    return extractor(tmp_path_factory.mktemp("model"), [message(one) for one in [*ANNOTATED, *NAMELESS]])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("em tên là Bùi Xuân Quyết, tra giúp mã số", "Bùi Xuân Quyết"),
        ("em ten la bui xuan quyet, tra giup ma so", "bui xuan quyet"),
        ("EM TÊN LÀ BÙI XUÂN QUYẾT", "BÙI XUÂN QUYẾT"),
        ("tôi là Trương Vĩnh Phúc ở Bến Tre, quên mật khẩu", "Trương Vĩnh Phúc"),
        ("my name is Anita Deshmukh and I forgot my password", "Anita Deshmukh"),
        ("my name is Park Ji-hoon and I forgot my password", "Park Ji-hoon"),
        ("Chị Âu Dương Thị Kiều, CCCD 089190004521", "Âu Dương Thị Kiều"),
        ("teen em laf Nguyeexn Thij Maij", "Nguyeexn Thij Maij"),
    ],
)
def test_a_name_that_was_never_seen_is_found_as_it_is_written(learned: NameExtractor, text: str, name: str) -> None:
    assert [one.value for one in learned.find(text)] == [name]


@pytest.mark.parametrize("text", [*NAMELESS, "", "😀", "Bảo hiểm xã hội Cần Thơ", "Google Maps", "7900000001"])
def test_where_nobody_is_named_there_is_no_name(learned: NameExtractor, text: str) -> None:
    assert learned.find(text) == []


def test_offsets_are_those_of_the_text(learned: NameExtractor) -> None:
    text = "em tên là Bùi Xuân Quyết, tra giúp mã số"
    (one,) = learned.find(text)
    assert text[one.start : one.end] == one.value


def test_training_twice_learns_the_same(tmp_path: Path) -> None:
    examples = [message(one) for one in [*ANNOTATED, *NAMELESS]]
    assert extractor(tmp_path / "one", examples)._model == extractor(tmp_path / "two", examples)._model


def test_without_an_annotated_name_it_finds_none(tmp_path: Path) -> None:
    assert extractor(tmp_path, [message(one) for one in NAMELESS]).find("em tên là Bùi Xuân Quyết") == []


def test_copies_that_lost_their_annotations_teach_nothing(tmp_path: Path) -> None:
    copies = [Message({TEXT: one.get(TEXT), "intent": "inform", "unaccented_copy": True}) for one in map(message, ANNOTATED)]
    examples = [message(one) for one in [*ANNOTATED, *NAMELESS]]
    assert extractor(tmp_path / "one", [*examples, *copies])._model == extractor(tmp_path / "two", examples)._model


def test_what_is_an_identifier_is_no_name_and_what_is_a_name_is_no_province(learned: NameExtractor) -> None:
    text = Message({TEXT: "tôi là Trương Vĩnh Phúc ở Bến Tre, mail kim oanh bảy lăm a còng gờ meo chấm com"})
    for component in (IdentifierExtractor(), learned, ProvinceExtractor()):
        component.process([text])
    assert [(one["entity"], one["value"]) for one in text.get(ENTITIES) if one["entity"] != "lang"] == [
        ("email", "kimoanh75@gmail.com"),
        ("full_name", "Trương Vĩnh Phúc"),
        ("province", "Bến Tre"),
    ]


def test_variants_keep_the_name_in_its_span() -> None:
    example = ("em tên là Nguyễn Thị Lan, tra giúp", [(10, 24)])
    variants = list(varied([example]))
    assert variants[0] == example and len(variants) >= 3
    for text, ((start, end),) in variants:
        assert (start == 0 or text[start - 1] == " ") and text[end] == "," and len(text[start:end].split()) >= 2


def test_sentences_with_words_that_are_also_surnames_teach_first() -> None:
    assert telling([("xin chào", []), ("từ hồ sơ", []), ("a Lan Anh", [(2, 9)])], at_most=2)[:2] == [
        ("a Lan Anh", [(2, 9)]),
        ("từ hồ sơ", []),
    ]


def test_labels_lead_back_to_the_spans_they_came_from() -> None:
    typed = TypedText("tên Nguyễn Thị Lan và Trần Văn Hải")
    spans = [(4, 18), (22, 34)]
    assert names.spans(typed, names.labels(typed, spans)) == spans
