"""The fake OAuth of Zalo: refresh tokens work once, and what fails says so with HTTP 200."""

import hashlib
from base64 import urlsafe_b64encode
from typing import Any

import httpx
import pytest

from tests.fakes.fakes_kit import Stage, zalo
from tests.fakes.zalo import ZaloAccess

ACCESS = ZaloAccess()


def exchange(stage: Stage, secret: str = ACCESS.app_secret, **form: str) -> dict[str, Any]:
    """Exchange a token or code."""
    whole = {"app_id": ACCESS.app_id, "grant_type": "refresh_token", **form}
    answer = stage.http.post("/v4/oa/access_token", data=whole, headers={"secret_key": secret})
    assert answer.status_code == 200
    return dict(answer.json())


def works(stage: Stage, access_token: str) -> bool:
    """Tell whether the API takes an access token."""
    body = {"recipient": {"user_id": "U"}, "message": {"text": "b"}}
    return bool(stage.http.post("/v3.0/oa/message/cs", json=body, headers={"access_token": access_token}).json()["error"] == 0)


def test_a_refresh_token_works_once_and_the_new_one_after_it() -> None:
    with zalo() as stage:
        stage.do("say", user="U", text="a")
        first = stage.see("tokens")
        second = exchange(stage, refresh_token=first["refresh_token"])
        assert second["expires_in"] == "90000" and second["refresh_token"] != first["refresh_token"]
        assert works(stage, second["access_token"]) and works(stage, first["access_token"])
        again = exchange(stage, refresh_token=first["refresh_token"])
        assert set(again) == {"error", "error_name", "error_description"} and again["error"] < 0
        assert stage.faults() == ["refresh_token_used_twice"]
        third = exchange(stage, refresh_token=second["refresh_token"])
        assert works(stage, third["access_token"]) and stage.see("tokens")["issued"] == 3


def test_tokens_end_after_25_hours_and_three_months() -> None:
    with zalo() as stage:
        stage.do("say", user="U", text="a")
        pair = stage.see("tokens")
        stage.do("advance", seconds=89_999)
        assert works(stage, pair["access_token"])
        stage.do("advance", seconds=1)
        assert not works(stage, pair["access_token"])
        pair = exchange(stage, refresh_token=pair["refresh_token"])
        assert works(stage, pair["access_token"])
        stage.do("advance", seconds=90 * 86400)
        assert "error" in exchange(stage, refresh_token=pair["refresh_token"])


def test_a_test_can_end_tokens() -> None:
    with zalo() as stage:
        stage.do("say", user="U", text="a")
        pair = stage.see("tokens")
        stage.do("expire", which="access")
        assert not works(stage, pair["access_token"])
        stage.do("expire", which="refresh")
        assert "error" in exchange(stage, refresh_token=pair["refresh_token"])
        assert stage.faults() == []


def test_who_may_not_exchange() -> None:
    with zalo() as stage:
        token = stage.see("tokens")["refresh_token"]
        assert "error" in exchange(stage, secret=ACCESS.oa_secret, refresh_token=token)
        assert "error" in exchange(stage, app_id="1", refresh_token=token)
        assert "error" in exchange(stage, grant_type="password", refresh_token=token)
        as_json = {"app_id": ACCESS.app_id, "grant_type": "refresh_token", "refresh_token": token}
        answer = stage.http.post("/v4/oa/access_token", json=as_json, headers={"secret_key": ACCESS.app_secret})
        assert answer.status_code == 200 and "error" in answer.json()
        assert "access_token" in exchange(stage, refresh_token=token)


def test_an_admin_consents_and_the_code_works_once_with_its_verifier() -> None:
    with zalo() as stage:
        challenge = urlsafe_b64encode(hashlib.sha256(b"verifier").digest()).decode().rstrip("=")
        codes = [stage.do("consent", code_challenge=challenge)["code"] for _ in range(2)]
        assert "error" in exchange(stage, grant_type="authorization_code", code=codes[0], code_verifier="wrong")
        assert "access_token" in exchange(stage, grant_type="authorization_code", code=codes[1], code_verifier="verifier")
        assert "error" in exchange(stage, grant_type="authorization_code", code=codes[1], code_verifier="verifier")


@pytest.mark.parametrize(("how", "issued"), [("hang", 1), ("lost", 2)])
def test_a_lost_answer_has_used_the_token_up(how: str, issued: int) -> None:
    with zalo() as stage:
        stage.do("fail", how=how, part="oauth")
        form = {"app_id": ACCESS.app_id, "grant_type": "refresh_token", "refresh_token": stage.see("tokens")["refresh_token"]}
        with pytest.raises(httpx.ReadTimeout):
            stage.http.post("/v4/oa/access_token", data=form, headers={"secret_key": ACCESS.app_secret}, timeout=0.2)
        assert stage.see("tokens")["issued"] == issued
        assert ("error" in exchange(stage, refresh_token=form["refresh_token"])) == (how == "lost")


def test_the_exchange_fails_as_ordered() -> None:
    with zalo() as stage:
        token = stage.see("tokens")["refresh_token"]
        stage.do("fail", how="code", code=-14014, part="oauth")
        assert exchange(stage, refresh_token=token)["error"] == -14014
        stage.do("fail", how="http500", part="oauth")
        answer = stage.http.post("/v4/oa/access_token")
        assert answer.status_code == 500
        assert "access_token" in exchange(stage, refresh_token=token)
