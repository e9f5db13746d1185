"""Settings are read from variables with one prefix, and refuse what cannot be meant."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings


def test_defaults_need_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NAVMATCH_DATA_DIR", raising=False)
    settings = Settings()
    assert settings.host == "127.0.0.1"
    assert settings.resolved_database_url.endswith("/data/navmatch.db")
    assert settings.index_dir == Path("data/index")


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NAVMATCH_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("NAVMATCH_PORT", "9000")
    monkeypatch.setenv("NAVMATCH_DATABASE_URL", "postgresql://db/navmatch")
    settings = Settings()
    assert (settings.data_dir, settings.port) == (tmp_path, 9000)
    assert settings.resolved_database_url == "postgresql://db/navmatch"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("THREADS", "0"),
        ("LOG_LEVEL", "loud"),
        ("MAX_SEARCHES", "0"),
        ("MAX_BODY_BYTES", "10"),
        ("FOLLOW_INTERVAL_S", "0"),
    ],
)
def test_values_out_of_range_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"NAVMATCH_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_every_setting_is_described_in_chinese() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_further_host_names_are_parted_by_commas() -> None:
    assert Settings(allowed_hosts=" a.example, b ,").extra_hosts == ("a.example", "b")
