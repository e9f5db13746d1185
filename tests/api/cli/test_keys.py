"""`navmatch keys`: a key for an organisation nobody has registered yet."""

import pytest

from tests.api.cli.conftest import Run

PARK = "苏州示例半导体产业园管理委员会"
KEY = ("keys", "create", "--name", "门户网站", "--role", "base_staff", "--organisation", PARK)
ADMIN = ("people", "add", "wang.wu", "--role", "base_admin", "--organisation", PARK)


def test_refusal_names_what_each_command_has(
    run_on: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_on(*KEY) != 0
    assert "navmatch people add" in _said(capsys)
    assert run_on(*ADMIN) != 0
    said = _said(capsys)
    assert "--org-type" in said
    assert "navmatch people add" not in said


def test_key_is_made_once_the_organisation_has_an_account(
    run_on: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_on(*ADMIN, "--org-type", "park", "--region", "320500") == 0
    capsys.readouterr()
    assert run_on(*KEY, "--days", "90") == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("dm_base_")
    assert "（UTC）" in printed.err


def _said(capsys: pytest.CaptureFixture[str]) -> str:
    printed = capsys.readouterr()
    return (printed.out + printed.err).replace("\n", "")
