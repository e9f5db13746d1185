"""`navmatch people`: an authenticator for somebody who cannot set one up in the browser."""

import pyotp
import pytest

from api.identity.sign_ins import CodeNeededError, Credentials
from api.wiring import Service
from models.base import now_utc
from models.viewer import acting_as, system
from tests.api.cli.conftest import Run


def test_authenticator_is_printed_once_and_asked_for_afterwards(
    service: Service, run_on: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_on("people", "add", "zhang.san") == 0
    password = capsys.readouterr().out.strip()
    assert run_on("people", "totp", "zhang.san") == 0
    printed = capsys.readouterr()
    totp = pyotp.parse_uri(printed.out.strip())
    assert isinstance(totp, pyotp.TOTP)
    assert totp.name == "zhang.san"
    with acting_as(system("test")):
        sign_ins = service.identity.sign_ins
        with pytest.raises(CodeNeededError):
            sign_ins.begin(Credentials("zhang.san", password))
        assert sign_ins.begin(Credentials("zhang.san", password, totp.at(now_utc())))


def test_unknown_login_is_said(run_on: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_on("people", "totp", "nobody") != 0
    printed = capsys.readouterr()
    assert "没有找到这个账号" in printed.out + printed.err
