"""Invented people in any number: the same number and series always make the same person, and no two share a code."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from backend.accounts import Profile

MOST = 10**8  # a code's last eight digits
STRIDE = 61_803_399  # prime to MOST: neighbours get distant codes
CODE_PREFIX = "01"  # the demonstration's people have 79
# The three digits a personal number begins with (Circular 07/2016/TT-BCA); 079 is the demonstration's.
PROVINCES = tuple(
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 "
    "046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 080 082 083 084 086 087 089 091 092 093 094 "
    "095 096".split()
)
FIRST_YEAR, YEARS = 1940, 66
STATUSES = ("active",) * 94 + ("waiting",) * 4 + ("locked",) * 2
SURNAMES = (
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Mai Đào Cao Lâm Châu Tạ Quách "
    "Thạch Sơn Ông Âu"
).split()
MIDDLES = "Thị Văn Đức Minh Ngọc Quốc Hữu Thanh Kim Gia Bảo Hồng Xuân Thu Công Đình Phương Anh".split()
GIVENS = (
    "Lan Bình Mai Dũng Hoa Nam Thu Quân Anh Hùng Hạnh Bảo Linh Trang Tuấn Hương Giang Khánh Yến Vy Ý Uyên Thuỷ Thúy Nghĩa Nguyệt"
).split()
# What forms and searches stumble over: one part, five parts, apostrophes, dashes, letters from elsewhere.
UNUSUAL = (
    "Y Thị Êban",
    "H'Hen Niê",
    "K'Brôih",
    "A Lăng Mai",
    "Sùng A Páo",
    "Giàng Thị Mỷ",
    "Thạch Thị Sô Phi",
    "Ksor H'Bơ Khăp",
    "Chế Lan",
    "Lò Thị Ún",
    "Nông Đức",
    "Tôn Nữ Thị Ninh Hoài Thương",
    "Công Tằng Tôn Nữ Thị Mỹ Huyền Trân",
    "Nguyễn-Đoàn Thị Ái Xuân",
    "Maria Nguyễn Thị Ngọc O'Connor",
    "Kim Min-jun",
)


def citizen(series: int, number: int) -> tuple[Profile, str]:
    """Person `number` (from 0, under MOST) of a series, with a status; a pure function of the two."""
    lot = random.Random(series * MOST + number)
    place = (number * STRIDE + series) % MOST
    high, low = divmod(place, 10**6)
    # Of the hundred values of `high` each makes another pair of province and odd or even year: no two numbers are alike.
    province = PROVINCES[high % len(PROVINCES)]
    year = FIRST_YEAR + 2 * lot.randrange(YEARS // 2) + high // len(PROVINCES)
    female = lot.randrange(2)
    born = date(year, 1, 1) + timedelta(days=lot.randrange(365))
    century = 0 if year < 2000 else 2
    profile = Profile(
        bhxh_code=f"{CODE_PREFIX}{place:08d}",
        full_name=_name(lot),
        dob=born.isoformat() if lot.random() < 0.95 else str(year),
        personal_id=f"{province}{century + female}{year % 100:02d}{low:06d}" if lot.random() < 0.97 else None,
        phone=f"+84900{number % 10**6:06d}" if lot.random() < 0.93 else None,
        email=f"citizen{place:08d}@example.com" if lot.random() < 0.85 else None,
        province=province[1:],
    )
    return profile, _one(lot, STATUSES)


def _name(lot: random.Random) -> str:
    if lot.random() < 0.03:
        return _one(lot, UNUSUAL)
    middles = [_one(lot, MIDDLES) for _ in range(lot.choice((0, 1, 1, 1, 1, 2)))]
    return " ".join([_one(lot, SURNAMES), *middles, _one(lot, GIVENS)])


def _one(lot: random.Random, among: Sequence[str]) -> str:
    return among[int(lot.random() * len(among))]
