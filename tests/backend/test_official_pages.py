"""Pages, apps, senders and letters: an exact page or nothing, and names that prove nothing."""

import csv
from pathlib import Path

import pytest

from backend.official.findings import Kind, Reason, Verdict
from backend.official.verdict import judge

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"

# What is typed | kind | verdict | one of its reasons
THINGS = """
https://www.facebook.com/baohiemxahoi.gov.vn | page | official | listed
facebook.com/baohiemxahoi.gov.vn | page | official | listed
https://m.facebook.com/baohiemxahoi.gov.vn/?ref=share | page | official | listed
https://web.facebook.com/BaoHiemXaHoi.gov.vn/ | page | official | listed
fb.com/baohiemxahoi.gov.vn | page | official | listed
https://www.facebook.com/baohiemxahoi.gov.vn/posts/123 | page | official | listed
https://zalo.me/bhxhvietnam | page | official | listed
youtube.com/@baohiemxahoivietnamvss | page | official | listed
https://www.youtube.com/@baohiemxahoivietnamvss/videos | page | official | listed
https://www.facebook.com/DVBHXH121 | page | reported_fraud | reported
m.facebook.com/bhxhvn999 | page | reported_fraud | reported
https://www.facebook.com/profile.php?id=100093282596968 | page | reported_fraud | reported
https://www.facebook.com/profile.php?sk=about&id=100093282596968 | page | reported_fraud | reported
https://www.facebook.com/people/BHXH/100093282596968/ | page | reported_fraud | reported
TikTok "VssID - Hỗ trợ BHXH" | page | reported_fraud | reported
kênh tiktok vssid hỗ trợ bhxh lấy tiền của tôi | page | reported_fraud | reported
zalo.me/0943803550 | page | reported_fraud | reported
facebook.com/baohiemxahoi.gov.vn.hotro | page | suspicious | uses_official_name
facebook.com/baohiemxahoigov.vn | page | suspicious | uses_official_name
facebook.com/baohiemxahoi | page | suspicious | uses_official_name
facebook.com/vssid.hotro | page | suspicious | uses_official_name
facebook.com/trang/baohiemxahoi.gov.vn | page | suspicious | uses_official_name
https://www.facebook.com/baohiemxahoi.gov.vn/../vssid | page | suspicious | uses_official_name
zalo.me/bhxhvietnam1 | page | suspicious | uses_official_name
zalo.me/bhxhvietnan | page | suspicious | uses_official_name
tiktok.com/@vssid.hotro | page | suspicious | uses_official_name
sites.google.com/view/baohiemxahoi | page | suspicious | uses_official_name
https://facebook.com.baohiemxahoi.evil.com/ | link | suspicious | official_name_as_subdomain
https://facebook.com@evil.com/baohiemxahoi.gov.vn | link | suspicious | text_before_at
https://evil@facebook.com/baohiemxahoi.gov.vn | link | suspicious | text_before_at
facebook.com/bhxhhanoi | page | unknown | in_no_list
facebook.com/nguyenvana | page | unknown | in_no_list
zalo.me/0912345678 | page | unknown | no_staff_mobiles
facebook.com/profile.php?id=1 | page | unknown | in_no_list
facebook.com | page | not_official | platform
trang facebook tên Bảo hiểm xã hội Việt Nam | page | unknown | name_proves_nothing
có người nhắn zalo xưng là cán bộ | page | unknown | name_proves_nothing
VssID | app | official | listed
VssID - Bảo hiểm xã hội số | app | official | listed
ứng dụng vss id | app | official | listed
VNeID | app | official | listed
VssID 4.0 | app | reported_fraud | reported
vssid phiên bản 4.0 | app | reported_fraud | reported
họ bảo tôi cập nhật VssID 4.0. | app | reported_fraud | reported
VssID v4 | app | reported_fraud | reported
VssID 1.6.3 | app | unknown | name_proves_nothing
VssID 4.0.1 | app | unknown | name_proves_nothing
VssID Pro | app | suspicious | other_app_name
Vssld | app | suspicious | misspelled
app vsid | app | suspicious | misspelled
file apk VssID gửi qua zalo | app | suspicious | outside_the_stores
vssid.apk | app | suspicious | outside_the_stores
https://play.google.com/store/apps/details?id=com.example | app | unknown | store_link
https://apps.apple.com/vn/app/vssid/id1 | app | unknown | store_link
BHXHVN | sms_sender | official | sender_can_be_forged
BHXH HA NOI | sms_sender | official | sender_can_be_forged
2133/BHXH-CSYT | letter | reported_fraud | reported
văn bản 2133/BHXH-CSYT ngày 1/7/2024 | letter | reported_fraud | reported
xin chào | text | unknown | nothing_to_check
 | text | unknown | nothing_to_check
""".strip("\n").split("\n")


@pytest.mark.parametrize("case", THINGS)
def test_a_page_an_app_or_a_name_is_judged(case: str) -> None:
    typed, kind, verdict, reason = case.split(" | ") if not case.startswith(" | ") else ("", *case[3:].split(" | "))
    found = judge(typed).finding
    assert (found.kind, found.verdict) == (kind, verdict), found
    assert reason in found.reasons


def test_every_page_and_app_of_the_lists_is_judged_as_its_file_says() -> None:
    for name, verdict in (("official_channels", Verdict.OFFICIAL), ("reported_frauds", Verdict.REPORTED_FRAUD)):
        with (KNOWLEDGE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                named = row["kind"] in ("facebook", "zalo", "youtube", "app", "page", "letter", "sms sender")
                if named and row["normalised_value"]:
                    found = judge(row["value"]).finding
                    assert (found.verdict, found.matched and found.matched.value) == (verdict, row["value"])


def test_a_name_is_not_looked_at_when_there_is_a_number_to_go_by() -> None:
    judged = judge("số 0912345678 bảo tôi cài VssID")
    assert (judged.finding.kind, judged.finding.verdict, judged.others) == (Kind.NUMBER, Verdict.UNKNOWN, ())


def test_a_host_and_a_number_in_one_message_are_both_named() -> None:
    judged = judge("số 0912345678 gọi bảo vào vssid.govvn.com")
    assert judged.finding.value == "vssid.govvn.com"
    assert [(found.kind, found.value) for found in judged.others] == [(Kind.NUMBER, "0912345678")]


def test_the_official_list_is_that_of_the_kind() -> None:
    assert {row.kind for row in judge("facebook.com/x").official} == {"facebook", "zalo", "youtube"}
    assert {row.kind for row in judge("evil.com").official} == {"website"}
    assert {row.kind for row in judge("vssid pro").official} == {"app"}
    assert all(row.offered for row in judge("xin chào").official)


def test_a_mail_from_an_official_host_proves_nothing() -> None:
    found = judge("canbo@baohiemxahoi.gov.vn").finding
    assert (found.verdict, found.reasons) == (Verdict.UNKNOWN, (Reason.SENDER_CAN_BE_FORGED,))
    assert "canbo" not in found.value
