"""What a check says: a verdict, why, and the rows it stands on."""

from dataclasses import dataclass
from enum import StrEnum

from backend.official.facts import Row


class Verdict(StrEnum):
    """The five answers; `unknown` says only that no list holds it."""

    OFFICIAL = "official"
    REPORTED_FRAUD = "reported_fraud"
    SUSPICIOUS = "suspicious"
    NOT_OFFICIAL = "not_official"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What was asked about."""

    NUMBER = "number"
    LINK = "link"
    PAGE = "page"
    APP = "app"
    EMAIL = "email"
    SMS_SENDER = "sms_sender"
    LETTER = "letter"
    TEXT = "text"


class Reason(StrEnum):
    """Why; every verdict has at least one."""

    LISTED = "listed"  # the official list has exactly this
    ENDS_IN_OFFICIAL_HOST = "ends_in_official_host"
    OFFICE_NUMBER = "office_number"  # the number of an office that exists today
    NOT_OFFERED = "not_offered"  # official, but old or not meant for people
    REPORTED = "reported"
    REPORTED_PREFIX = "reported_prefix"  # a group of service numbers that was reported as a whole
    ENDS_IN_REPORTED_HOST = "ends_in_reported_host"
    IN_NO_LIST = "in_no_list"
    PREFIX_IS_NO_EVIDENCE = "prefix_is_no_evidence"  # begins like a number that was reported: so do many others
    NO_STAFF_MOBILES = "no_staff_mobiles"  # the agency uses no private mobile numbers for procedures
    ONE_HOTLINE = "one_hotline"  # the agency has a single 1900 number, and this is another
    FORMER_OFFICE_NUMBER = "former_office_number"
    FOREIGN_NUMBER = "foreign_number"
    LIKE_OFFICIAL_NUMBER = "like_official_number"
    MALFORMED = "malformed"
    ENDS_OTHERWISE = "ends_otherwise"  # the host ends in none of the official names
    PRIVATE_SITE = "private_site"
    OTHER_GOVERNMENT_SITE = "other_government_site"
    SHORT_LINK = "short_link"  # it does not show where it leads
    PLATFORM = "platform"  # a site where anybody can publish
    OFFICIAL_HOST_INSIDE = "official_host_inside"  # an official host stands in it, but not at its end
    OFFICIAL_HOST_IN_PATH = "official_host_in_path"
    OFFICIAL_NAME_ADDED_TO = "official_name_added_to"  # the agency's or the app's name with more around it
    OTHER_ENDING = "other_ending"  # the official name below another ending (.com instead of .gov.vn)
    OFFICIAL_NAME_AS_SUBDOMAIN = "official_name_as_subdomain"
    LIKE_GOV_VN = "like_gov_vn"
    FOREIGN_LETTERS = "foreign_letters"  # letters that only look like the Latin ones
    MISSPELLED = "misspelled"  # a few letters or digits away from an official name
    TEXT_BEFORE_AT = "text_before_at"  # what stands before an @ is not where the link leads
    IP_ADDRESS = "ip_address"
    NO_WEB_ADDRESS = "no_web_address"  # javascript:, data: and the like
    USES_OFFICIAL_NAME = "uses_official_name"
    NAME_PROVES_NOTHING = "name_proves_nothing"  # anybody can take that name or picture
    SENDER_CAN_BE_FORGED = "sender_can_be_forged"
    OUTSIDE_THE_STORES = "outside_the_stores"  # the app comes from Google Play and the App Store only
    STORE_LINK = "store_link"  # no list names the store's id of the app
    OTHER_APP_NAME = "other_app_name"
    NOTHING_TO_CHECK = "nothing_to_check"


# The worst first: what a message with several things in it is judged by.
GRAVITY = (Verdict.REPORTED_FRAUD, Verdict.SUSPICIOUS, Verdict.NOT_OFFICIAL, Verdict.UNKNOWN, Verdict.OFFICIAL)


@dataclass(frozen=True)
class Finding:
    """The verdict on one thing.

    `value` is its canonical form; `matched` the row it was found in; `related` rows that explain the verdict without
    being evidence: the official one it resembles, a prefix that was reported.
    """

    verdict: Verdict
    kind: Kind
    value: str
    reasons: tuple[Reason, ...]
    matched: Row | None = None
    related: tuple[Row, ...] = ()
