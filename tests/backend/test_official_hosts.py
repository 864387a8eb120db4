"""Web addresses: official by how the host ends and by nothing else; look-alikes say why."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.official import hosts
from backend.official.findings import Reason, Verdict
from backend.official.verdict import judge

# No example may fail because the machine is slow.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"


def rows(name: str) -> list[dict[str, str]]:
    with (KNOWLEDGE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OFFICIAL = """
baohiemxahoi.gov.vn
https://baohiemxahoi.gov.vn
http://baohiemxahoi.gov.vn/
HTTPS://BaoHiemXaHoi.GOV.VN/TraCuu
www.baohiemxahoi.gov.vn
https://dichvucong.baohiemxahoi.gov.vn/#/index
tphcm.baohiemxahoi.gov.vn
lamdong.baohiemxahoi.gov.vn:443/tintuc/Pages/a.aspx?CateID=251&ItemID=15629
hanoi.baohiemxahoi.gov.vn
binhdinh.baohiemxahoi.gov.vn/trang
baohiemxahoi.gov.vn.
https://baohiemxahoi.gov.vn:8443/x
https://baohiemxahoi.gov.vn./tracuu
https://baohiemxahoi%2egov%2evn/
https://baohiemxahoi。gov。vn
ｂａｏｈｉｅｍｘａｈｏｉ．ｇｏｖ．ｖｎ
baohiemxahoi[.]gov[.]vn
baohiemxahoi(.)gov(.)vn
baohiemxahoi chấm gov chấm vn
hxxps://baohiemxahoi[.]gov[.]vn
https:/baohiemxahoi.gov.vn
https:baohiemxahoi.gov.vn
//baohiemxahoi.gov.vn/x
vss.gov.vn
https://vss.gov.vn/english
www.vss.gov.vn
tapchibaohiemxahoi.gov.vn
dichvucong.gov.vn
https://dichvucong.gov.vn/p/home/dvc-trang-chu.html
canhbao.ncsc.gov.vn
https://tinnhiemmang.vn/danh-ba-tin-nhiem/
(https://baohiemxahoi.gov.vn).
"baohiemxahoi.gov.vn"
baohiem\u00adxahoi.gov.vn
trang này baohiemxahoi.gov.vn có thật không ạ?
""".strip().split("\n")

SUSPICIOUS = """
https://baohiemxahoi.gov.vn@evil.com | text_before_at
https://baohiemxahoi.gov.vn:443@evil.com/ | text_before_at
https://baohiemxahoi.gov.vn%40evil.com | malformed
https://baohiemxahoi.gov.vn\\@evil.com | text_before_at
https://evil.com\\@baohiemxahoi.gov.vn | official_host_in_path
https://evil.com@baohiemxahoi.gov.vn | text_before_at
https://user:pass@1.2.3.4/ | ip_address
baohiemxahoi.gov.vn@evil.com | text_before_at
https://baohiemxahoi.gov.vn @evil.com | text_before_at
https://baohiemxahoi.gov.vn\t@evil.com | text_before_at
baohiemxahoi.gov.vn.evil.com | official_host_inside
https://dichvucong.baohiemxahoi.gov.vn.login.xyz/ | official_host_inside
https://baohiemxahoi.gov.vn%2eevil.com | official_host_inside
https://baohiemxahoi.gov.vn%2f.evil.com | malformed
https://baohiemxahoi.gov.vn／.evil.com | malformed
vss.gov.vn.co | official_host_inside
baohiemxahoi-gov-vn.com | official_host_inside
baohiemxahoigovvn.com | official_host_inside
notbaohiemxahoi.gov.vn | official_host_inside
evil.com/baohiemxahoi.gov.vn/login | official_host_in_path
https://evil.com/https://vss.gov.vn | official_host_in_path
baohiemxahoi-vssid.com | official_name_added_to
vssid-baohiemxahoi.net | official_name_added_to
dichvucong-baohiemxahoi.com | official_name_added_to
dichvucong-baohiemxahoi.vn | official_name_added_to
capnhatvssid.com | official_name_added_to
vssid-capnhat.top | official_name_added_to
vssid2026.com | official_name_added_to
vssid4.com | official_name_added_to
bao-hiem-xa-hoi.com | official_name_added_to
vss-id.com | official_name_added_to
bhxh-hanoi.com | official_name_added_to
tracuubhxh.vn | official_name_added_to
dangkyvneid.com | official_name_added_to
dichvucongquocgia.com | official_name_added_to
baohiemxahoi.com | other_ending
baohiemxahoi.co | other_ending
baohiemxahoi.org | other_ending
baohiemxahoi.vn | other_ending
baohiemxahoi.com.vn | other_ending
baohiemxahoi.net.vn | other_ending
www.baohiemxahoi.info | other_ending
vssid.com | other_ending
vssid.vn | other_ending
vssid.app | other_ending
bhxh.vn | other_ending
bhxh.info | other_ending
dichvucong.com | other_ending
vneid.com | other_ending
vss.com.vn | other_ending
baohiemxahoi.blogspot.com | other_ending
vssid.github.io | other_ending
vssid.web.app | other_ending
baohiemxahio.gov.vn | misspelled
baohiemxahoi1.com | official_name_added_to
baohiemxaoi.com | misspelled
baohiemxahoii.com | official_name_added_to
baohiemxhaoi.vn | misspelled
baohiemxahol.com | misspelled
baohiemxah0i.com | misspelled
ba0hiemxah0i.gov.vn | misspelled
b40h13mx4h01.com | misspelled
v55id.com | misspelled
baohlemxahoi.vn | misspelled
baoh1emxahoi.com | misspelled
bhaohiemxahoi.com | misspelled
bsohiemxahoi.com | misspelled
baohiernxahoi.com | misspelled
baohiemxahoy.vn | misspelled
boahiemxahoi.vn | misspelled
vssld.com | misspelled
vss1d.vn | misspelled
vsid.com | misspelled
vssdi.com | misspelled
v5sid.com | misspelled
vneld.com | misspelled
vssid.evil.com | official_name_as_subdomain
baohiemxahoi.evil.com | official_name_as_subdomain
https://login.vssid.trang.xyz/ | official_name_as_subdomain
baohiemxahoi.gov.evil.com | official_name_as_subdomain
vsside.trang.xyz | official_name_as_subdomain
govvn.com | like_gov_vn
gov-vn.com | like_gov_vn
trang.govvvvn.com | like_gov_vn
dangnhap.gov.vn.com | like_gov_vn
vn-gov.net | like_gov_vn
bаohiemxahoi.gov.vn | foreign_letters
baohiemхahoi.gov.vn | foreign_letters
https://vss.gоv.vn | foreign_letters
xn--bohiemxahoi-4mk.com | foreign_letters
vssıd.com | foreign_letters
vѕsid.vn | foreign_letters
vѕѕіd.com | other_ending
bаоһіеmхаһоі.com | other_ending
bảohiểmxãhội.vn | foreign_letters
vssíd.vn | foreign_letters
gооgle.com | foreign_letters
http://3232235777/login | ip_address
http://0x7f.1/ | ip_address
http://0300.0250.1.1/ | ip_address
http://192.168.1.1/vssid | ip_address
192.168.1.1/vssid | ip_address
http://[::1]/ | ip_address
http://１９２.１６８.１.１/ | ip_address
javascript:alert(document.domain) | no_web_address
JaVaScRiPt:alert('baohiemxahoi.gov.vn') | no_web_address
java\tscript:alert(1)//baohiemxahoi.gov.vn | no_web_address
data:text/html,<h1>baohiemxahoi.gov.vn</h1> | no_web_address
file:///C:/vssid.html | no_web_address
https://evil.vn/app.apk | outside_the_stores
https://tai.evil.vn/vssid.apk?x=1 | outside_the_stores
""".strip().split("\n")

NOT_OFFICIAL = """
evil.com | ends_otherwise
google.com | ends_otherwise
https://thuvienphapluat.vn/phap-luat/a | ends_otherwise
baohiemxahoi.edu.vn | private_site
https://www.baohiemxahoi.edu.vn/tin | private_site
baohiemxahoidientu.edu.vn | private_site
vssid.net | private_site
VSSID.NET | private_site
hoidapbhxh.com | private_site
blogbhxh.com | private_site
ebh.vn | private_site
https://ebh.vn/tin-tuc/cach-dang-nhap-vssid | private_site
app.ebh.vn | private_site
tuvanbhxh.net | private_site
dichvucong.hanoi.gov.vn | other_government_site
vneid.gov.vn | other_government_site
moh.gov.vn | other_government_site
chinhphu.vn | ends_otherwise
bhxh.viettel.vn | uses_official_name
dichvucongchung.vn | ends_otherwise
dichvucongnghe.com | ends_otherwise
vss.com | ends_otherwise
vovid.com | ends_otherwise
govern.com | ends_otherwise
""".strip().split("\n")

REPORTED = """
bhxh.co
www.bhxh.co/dang-nhap
https://BHXH.CO.
hxxps://bhxh[.]co/x
baohiemxahoi.biz
datlichbhxh.com
dichvucongbaohiemxahoi.com
x.dichvucongbaohiemxahoi.com
vssid.govvn.com
vssidgov.com
baohiemxahoi.vnagov.com
govvvn.com
vssid.govvvn.com
a.b.govvvn.com/x.apk
hoidapluatbaohiemxahoi.com
tinyurl.com/kxytdc8z
https://tinyurl.com/kxytdc8z/
shorturl.at/frFHU
https://baohiemxahoi.gov.vn@bhxh.co/
x@bhxh.co
mailto:hotro@bhxh.co
""".strip().split("\n")

UNKNOWN = """
tinyurl.com/other | short_link
shorturl.at/frfhu | short_link
https://bit.ly/3abc | short_link
hotro@baohiemxahoi.gov.vn | sender_can_be_forged
https://a%zz.vn/ | malformed
""".strip().split("\n")


def reasons(value: str) -> tuple[Verdict, list[Reason]]:
    found = judge(value).finding
    return found.verdict, list(found.reasons)


@pytest.mark.parametrize("value", OFFICIAL)
def test_what_ends_in_an_official_host_is_official(value: str) -> None:
    found = judge(value).finding
    assert found.verdict is Verdict.OFFICIAL
    assert found.matched is not None and found.matched.source and found.matched.as_of and found.matched.owner


@pytest.mark.parametrize("case", SUSPICIOUS)
def test_a_look_alike_is_suspicious_and_says_why(case: str) -> None:
    value, _, why = case.rpartition(" | ")
    verdict, why_not = reasons(value)
    assert (verdict, why in why_not) == (Verdict.SUSPICIOUS, True), (verdict, why_not)


def test_a_line_break_that_a_browser_drops_ends_no_host() -> None:
    for between in ("\n", "\r\n", "\t", "\t\n"):
        for trick in (f"https://baohiemxahoi.gov.vn{between}.evil.com/", f"https://baohiemxahoi.gov.vn.{between}evil.com/"):
            assert judge(trick).finding.verdict is Verdict.SUSPICIOUS


@pytest.mark.parametrize("case", NOT_OFFICIAL)
def test_somebody_elses_site_is_not_official_and_nothing_worse(case: str) -> None:
    value, _, why = case.rpartition(" | ")
    verdict, why_not = reasons(value)
    assert (verdict, why in why_not) == (Verdict.NOT_OFFICIAL, True), (verdict, why_not)


@pytest.mark.parametrize("value", REPORTED)
def test_what_was_reported_is_reported_with_its_row(value: str) -> None:
    found = judge(value).finding
    assert found.verdict is Verdict.REPORTED_FRAUD
    assert found.matched is not None and found.matched.what and found.matched.source and found.matched.as_of


@pytest.mark.parametrize("case", UNKNOWN)
def test_what_cannot_be_told_is_unknown(case: str) -> None:
    value, _, why = case.rpartition(" | ")
    verdict, why_not = reasons(value)
    assert (verdict, why in why_not) == (Verdict.UNKNOWN, True), (verdict, why_not)


def test_every_host_of_the_lists_is_judged_as_its_file_says() -> None:
    for row in rows("official_channels"):
        if row["kind"] == "website":
            found = judge(row["value"]).finding
            assert (found.verdict, found.matched and found.matched.value) == (Verdict.OFFICIAL, row["value"])
            assert (Reason.NOT_OFFERED in found.reasons) == (row["offered"] == "no")
    for row in rows("reported_frauds"):
        if row["kind"] in ("domain", "link"):
            found = judge(f"https://{row['value']}").finding
            assert (found.verdict, found.matched and found.matched.value) == (Verdict.REPORTED_FRAUD, row["value"])
    for row in rows("private_sites"):
        assert judge(row["host"]).finding.verdict is Verdict.NOT_OFFICIAL


def test_no_address_anywhere_in_the_lists_sources_is_called_official_by_mistake() -> None:
    for row in rows("reported_frauds") + rows("private_sites"):
        value = row.get("normalised_value") or row.get("host") or ""
        assert judge(value).finding.verdict is not Verdict.OFFICIAL


def test_a_suspicious_address_names_the_one_whose_place_it_takes() -> None:
    assert [row.normalised for row in judge("vss.gov.vn.co").finding.related] == ["vss.gov.vn"]
    assert [row.normalised for row in judge("https://dichvucong.gov.vn.xyz").finding.related] == ["dichvucong.gov.vn"]
    assert [row.normalised for row in judge("vssld.com").finding.related] == ["baohiemxahoi.gov.vn"]


def test_a_trick_with_a_private_site_is_no_word_about_its_name() -> None:
    found = judge("https://baohiemxahoi.gov.vn@vssid.net/").finding
    assert found.reasons == (Reason.TEXT_BEFORE_AT, Reason.ENDS_OTHERWISE)


LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
ENDING = st.sampled_from(["com", "vn", "com.vn", "co", "xyz", "gov.vn", "info", "edu.vn"])
OFFICIAL_HOST = st.sampled_from(["baohiemxahoi.gov.vn", "vss.gov.vn", "dichvucong.baohiemxahoi.gov.vn"])
BEGINNING = st.sampled_from(["", "https://", "http:\\\\", "//", "https:", "HTTPS:/", "xem "])


@unhurried
@given(
    BEGINNING,
    OFFICIAL_HOST,
    st.sampled_from([".", "@", "%2e", "\t.", "\n.", " @", ":80@", "。", "%40", "-", "", "%2f.", "\u200b."]),
    LABEL,
    ENDING,
)
def test_what_ends_otherwise_is_never_official(start: str, name: str, glue: str, label: str, ending: str) -> None:
    value = f"{start}{name}{glue}{label}.{ending}"
    assert judge(value).finding.verdict is not Verdict.OFFICIAL, value


@unhurried
@given(LABEL, ENDING, OFFICIAL_HOST, st.sampled_from(["/", "?u=", "#", "/login?next=https://", "\\", "/x@"]))
def test_an_official_host_behind_the_end_of_a_host_makes_nothing_official(label: str, end: str, name: str, mark: str) -> None:
    if label in ("dichvucong", "baohiemxahoi", "vss"):
        return
    assert judge(f"https://{label}.{end}{mark}{name}").finding.verdict is not Verdict.OFFICIAL


@unhurried
@given(st.text(max_size=200))
def test_no_text_ever_raises(text: str) -> None:
    judge(text)
    hosts.read(text)


PIECES = [
    "https://",
    "baohiemxahoi",
    ".gov.vn",
    "vssid",
    "@",
    "%2e",
    "%",
    "xn--",
    "1900",
    " 9068",
    "+84",
    "[",
    "]",
    ":",
    "\\",
    "/",
]


@unhurried
@given(
    st.lists(
        st.sampled_from([*PIECES, "facebook.com/", "zalo.me/", "0x", "а", "ß", "💰", "\u0000", "\u202e", ";ext=", "٣", "²"]),
        max_size=12,
    )
)
def test_no_mixture_of_what_addresses_are_made_of_raises(pieces: list[str]) -> None:
    judge("".join(pieces))


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("http://0x7f000001", "127.0.0.1"),
        ("http://017700000001", "127.0.0.1"),
        ("http://127.1", "127.0.0.1"),
        ("http://[0:0:0:0:0:0:0:1]:80/", "[::1]"),
        ("http://ＥＸＡＭＰＬＥ.com", "example.com"),
        ("http://a.b.%65xample.com", "a.b.example.com"),
        ("http://example.com:99999999", ""),
        ("http://exa%00mple.com", ""),
        ("http://example..com", ""),
        ("http://", ""),
        ("http://faß.de", "xn--fa-hia.de"),
        ("example.com:8080/x", "example.com"),
    ],
)
def test_a_host_is_read_as_a_browser_reads_it(typed: str, host: str) -> None:
    link = hosts.read(typed)
    assert ("" if link.malformed else link.host) == host


def test_dots_in_a_path_are_followed() -> None:
    assert judge("https://www.facebook.com/x/../baohiemxahoi.gov.vn").finding.verdict is Verdict.OFFICIAL
    assert judge("https://www.facebook.com/baohiemxahoi.gov.vn/%2e%2e/trang").finding.verdict is not Verdict.OFFICIAL
