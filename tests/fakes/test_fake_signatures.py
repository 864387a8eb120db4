"""The vectors that our channels' checks are held to as well."""

import hashlib
import hmac

from tests.fakes.fakes_kit import messenger, zalo
from tests.fakes.signing import appsecret_proof, hub_signature, zalo_signature

ZALO_BODY = (
    '{"app_id":"3608465248940903967","sender":{"id":"246845883529197922"},"user_id_by_app":"552177279717587730",'
    '"recipient":{"id":"388613280878808645"},"event_name":"user_send_text",'
    '"message":{"text":"Xin chào","msg_id":"96d3cdf3af150460909"},"timestamp":"1790000000000"}'
)


def test_messenger_signs_with_an_hmac_of_the_raw_body() -> None:
    assert hub_signature("APP_SECRET_EXAMPLE", b'{"object":"page","entry":[]}') == (
        "sha256=1bdc325784d50116b350ca18bde862a40937c5c52a9753b66a7a800825e62920"
    )


def test_zalo_signs_with_a_plain_hash_of_the_concatenation() -> None:
    signed = zalo_signature("3608465248940903967", ZALO_BODY.encode(), "1790000000000", "OA_SECRET_EXAMPLE")
    assert signed == "mac=bf6b1c97cd2492e48e3e539cb9461c2f60438365d2da8deaa9ee4718deab4fd2"


def test_a_proof_is_an_hmac_of_the_token() -> None:
    assert appsecret_proof("secret", "token") == hmac.new(b"secret", b"token", hashlib.sha256).hexdigest()


def test_zalo_sends_the_very_shape_of_the_vector() -> None:
    with zalo() as stage:
        stage.do("event", user="246845883529197922", kind="text", text="Xin chào", msg_id="96d3cdf3af150460909")
        request = stage.told(1)[0]
        by_app = request.read().decode().split('"user_id_by_app":"')[1].split('"')[0]
        assert request.read().decode() == ZALO_BODY.replace("552177279717587730", by_app)
        access = stage.provider.about()["settings"]
        expected = zalo_signature(access["ZALO_APP_ID"], request.read(), "1790000000000", access["ZALO_OA_SECRET"])
        assert request.headers["X-ZEvent-Signature"] == expected


def test_messenger_sends_both_signatures_over_escaped_letters() -> None:
    with messenger() as stage:
        stage.do("say", user="U", text="chào a/b")
        request = stage.told(1)[0]
        assert b'"text":"ch\\u00e0o a\\/b"' in request.read()
        secret = stage.provider.about()["settings"]["MESSENGER_APP_SECRET"]
        assert request.headers["X-Hub-Signature-256"] == hub_signature(secret, request.read())
        assert request.headers["X-Hub-Signature"] == hub_signature(secret, request.read(), "sha1")
