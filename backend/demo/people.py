"""The invented people of the demonstration, and invention of more."""

from backend import accounts, applications
from backend.accounts import Profile
from backend.core import Core
from backend.identifiers import insurance_code, mobile_number, national

SEEDED: tuple[tuple[Profile, str], ...] = (
    (
        Profile(
            "7900000001",
            "Nguyễn Thị Lan",
            "1990-05-14",
            "079190000001",
            "+84900000001",
            "lan.nguyen@example.com",
            "79",
        ),
        "active",
    ),
    (
        Profile("7900000002", "Trần Văn Bình", "1985-11-02", "079085000002", "+84900000002", None, "79"),
        "active",
    ),
    (
        Profile(
            "7900000003",
            "Lê Thị Mai",
            "1996-02-20",
            "079196000003",
            "+84900000003",
            "mai.le@example.com",
            "79",
        ),
        "waiting",
    ),
    (
        Profile(
            "7900000004",
            "Phạm Văn Dũng",
            "1978-08-30",
            "079078000004",
            "+84900000004",
            "dung.pham@example.com",
            "79",
        ),
        "locked",
    ),
)
_SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
_GIVEN = ("Thị Hoa", "Văn Nam", "Thị Thu", "Minh Quân", "Ngọc Anh", "Văn Hùng", "Thị Hạnh", "Quốc Bảo")


def seed(core: Core) -> None:
    """Insert the demo people that are missing; their passwords are random and nobody knows them."""
    for profile, status in SEEDED:
        with core.database.read() as conn:
            present = accounts.find(core, conn, profile.bhxh_code) is not None
        if not present:
            encoded = core.hasher.hash(core.keys.token())
            with core.writing() as unit:
                accounts.create(core, unit, profile, status, encoded)
                if status == "waiting":
                    applications.store(core, unit, _applied(profile), "web", "vi")


def _applied(profile: Profile) -> dict[str, str]:
    """What somebody handed in who waits for an officer."""
    return {
        "code": profile.bhxh_code,
        "full_name": profile.full_name,
        "dob": profile.dob or "1990",
        "id_number": profile.personal_id or "079190000000",
        "phone": profile.phone or "+84900000000",
        "email": profile.email or "nobody@example.com",
        "office": "Bảo hiểm xã hội thành phố Hồ Chí Minh",
    }


def invent(core: Core, given: dict[str, str | None]) -> Profile:
    """A profile from the given values: missing ones are invented, None stays none. Raises BadValue."""
    below = core.randomness.below
    code = insurance_code(given.get("bhxh_code") or f"79{below(10**8):08d}", "bhxh_code")
    born = f"{1955 + below(50)}-{1 + below(12):02d}-{1 + below(28):02d}"
    personal = f"079{below(2)}{born[2:4]}{below(10**6):06d}"
    phone = given.get("phone", f"0900{below(10**6):06d}")
    email = given.get("email", f"user{below(10**9)}@example.com")
    return Profile(
        bhxh_code=code,
        full_name=given.get("full_name") or f"{_SURNAMES[below(8)]} {_GIVEN[below(8)]}",
        dob=given.get("dob", born),
        personal_id=given.get("personal_id", personal),
        phone=mobile_number(phone) if phone else None,
        email=email.lower() if email else None,
        province=given.get("province", "79"),
    )


def record(profile: Profile, status: str) -> dict[str, str | None]:
    """The profile as the demo routes show it, the phone as people write it."""
    return {
        "bhxh_code": profile.bhxh_code,
        "full_name": profile.full_name,
        "dob": profile.dob,
        "personal_id": profile.personal_id,
        "phone": national(profile.phone) if profile.phone else None,
        "email": profile.email,
        "province": profile.province,
        "status": status,
    }
