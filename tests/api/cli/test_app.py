import gc
import re

import pytest
from typer.main import get_command

from api.cli import main
from api.cli.app import run
from api.cli.commands import app
from api.cli.installation import Installation, read_settings
from models.errors import ConflictError, SetupError

COMMANDS = [
    *("serve", "import", "template", "export", "match", "replay", "tag", "retag", "reindex"),
    *("erase", "doctor", "verify", "backup", "restore", "evaluate", "demo", "train", "audit"),
    *("people", "keys", "ipc", "taxonomy"),
]


def test_app_has_exactly_the_commands_of_the_design() -> None:
    assert list(getattr(get_command(app), "commands")) == COMMANDS  # noqa: B009


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_chinese(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command.split(), "--help"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("用法：navmatch")
    assert not re.search(r"Usage|Options|Show this|required|default|TEXT|PATH|INTEGER", page)
    for line in re.findall(r"^  (-.*)$", page, flags=re.MULTILINE):
        assert re.search(r"[\u4e00-\u9fff]", line), line


def test_main_collects_garbage_but_not_among_modules() -> None:
    gc.collect()  # what is there now will stay to the end of the tests
    before = gc.get_freeze_count()
    assert main(["--version"]) == 0
    assert gc.isenabled()
    assert gc.get_freeze_count() > before


def test_main_shows_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("navmatch ")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nope"], "没有命令 nope"),
        (["import", "--kind", "demands"], "缺少参数“文件”"),
        (["import", "a.csv"], "缺少选项 --kind"),
        (["import", "a.csv", "--kind", "x"], "可填 demands、providers、capabilities、cases"),
        (["match", "--k", "x"], "应是整数"),
        (["serve", "--port", "0"], "不能小于 1"),
        (["serve", "--port", "65536"], "不能大于 65535"),
        (["match", "--nope"], "没有选项 --nope"),
        (["export", "a", "b", "--kind", "demands"], "多出了参数 b"),
        (["serve", "--port"], "--port 后面缺少它的值"),
    ],
)
def test_wrong_usage_gets_one_chinese_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(words) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.out == ""
    assert "Traceback" not in captured.err


def test_no_words_shows_help_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert "用法：navmatch" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (ConflictError("编号已被占用。"), 1, "编号已被占用。"),
        (SetupError("缺少文件。"), 3, "缺少文件。"),
        (OSError(28, "No space left on device"), 1, "磁盘空间不足"),
        (PermissionError(13, "Permission denied", "/x"), 1, "权限"),
        (ValueError("boom"), 70, "--debug"),
        (KeyboardInterrupt(), 130, "已中断"),
    ],
    ids=["conflict", "setup", "disk", "permission", "unforeseen", "interrupt"],
)
def test_error_becomes_sentence_and_exit_code(
    fresh: Installation,
    error: BaseException,
    code: int,
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(settings: object) -> None:
        raise error

    fresh.make_encoder = fail  # type: ignore[assignment]
    assert run(["reindex"], fresh) == code
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert "Traceback" not in captured.err


def test_debug_shows_where_an_error_came_from(fresh: Installation) -> None:
    def fail(settings: object) -> None:
        raise ValueError("boom")

    fresh.make_encoder = fail  # type: ignore[assignment]
    with pytest.raises(ValueError, match="boom"):
        run(["--debug", "reindex"], fresh)


def test_damaged_database_is_a_setup_problem(
    fresh: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh.settings.data_dir.mkdir()
    (fresh.settings.data_dir / "navmatch.db").write_bytes(b"no database at all" * 100)
    assert run(["export", "x.csv", "--kind", "demands"], fresh) == 3
    assert "navmatch doctor" in capsys.readouterr().err


def test_data_dir_that_cannot_be_made_is_a_setup_problem(
    fresh: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh.settings.data_dir.write_text("a file")
    assert run(["reindex"], fresh) == 3
    assert "--data-dir" in capsys.readouterr().err


def test_read_settings_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAVMATCH_PORT", "eighty")
    with pytest.raises(SetupError, match="NAVMATCH_PORT"):
        read_settings()
