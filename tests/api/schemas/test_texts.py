"""Texts are sanitised while they are parsed, each within its own limits."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from api.schemas import texts


def parse(kind: Any, raw: object) -> Any:
    return TypeAdapter[Any](kind).validate_python(raw)


def code_of(kind: Any, raw: object) -> str:
    with pytest.raises(ValidationError) as refused:
        parse(kind, raw)
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize(
    ("kind", "shortest", "longest"),
    [
        (texts.Title, 6, 80),
        (texts.ShortTitle, 2, 80),
        (texts.Description, 30, 5_000),
        (texts.Background, 0, 2_000),
        (texts.DecisionQuestion, 0, 300),
        (texts.CapabilityText, 30, 2_000),
        (texts.CaseSummary, 100, 2_000),
        (texts.Introduction, 0, 3_000),
        (texts.OrganisationName, 2, 100),
        (texts.Keyword, 1, 40),
        (texts.Line, 1, 200),
        (texts.QueryText, 2, 5_000),
        (texts.FilterText, 0, 100),
        (texts.SourceRef, 1, 128),
    ],
    ids=lambda value: str(value)[-30:],
)
def test_length_is_taken_at_the_limits_only(kind: Any, shortest: int, longest: int) -> None:
    assert parse(kind, "文" * shortest) == "文" * shortest
    assert parse(kind, "文" * longest) == "文" * longest
    assert code_of(kind, "文" * (longest + 1)) == "string_too_long"
    if shortest:
        assert code_of(kind, "文" * (shortest - 1)) in ("string_too_short", "text_too_short")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("六个字的\x00标题", "text_control_character"),
        ("六个字的\x1b标题", "text_control_character"),
        ("六个字的\ud800标题", "string_unicode"),
        ("六个字的\ufffe标题", "text_control_character"),
        ("a" + "\u0301" * 9 + "bcdef", "text_combining_run"),
        ("\ufdfa" * 70, "text_too_long"),
        ("\u200b" * 20, "text_too_short"),
        (" " * 20, "text_too_short"),
        (123456789, "string_type"),
        (None, "string_type"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_hostile_text_is_refused(raw: object, code: str) -> None:
    assert code_of(texts.Title, raw) == code


def test_titles_become_one_line_and_descriptions_keep_theirs() -> None:
    assert parse(texts.Title, " 第一行标题\r\n第二行 ") == "第一行标题 第二行"
    text = "第一行" * 10 + "\r\n" + "第二行" * 5
    assert parse(texts.Description, text) == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (texts.RegionCode, ["32", "3205", "320500"], ["3", "32050", "苏州", "320500\n", "３２"]),
        (texts.RegionFilter, ["32", "M:YRD"], ["M:", "M:yrd", "X:YRD"]),
        (texts.ScenarioCode, ["ENT", "ENT.RISK", "OTH"], ["ent", "ENT.", "ENT.RISK "]),
        (texts.IndustryCode, ["1", "1.2"], ["0", "1.2.3", "10"]),
        (texts.ClassCode, ["C", "C39", "C3973"], ["U1", "C39731"]),
        (texts.IpcCode, ["H01L", "H01L21/02"], ["H01", "I01L", "H01L21/2"]),
        (texts.RowId, ["dm_01JZX3V8Q4W6T2N9K7M5R1C0BD"], ["dm_1", "DM_01JZX3V8Q4W6T2N9K7M5R1C0BD"]),
    ],
    ids=lambda value: str(value)[-24:],
)
def test_codes_have_one_form(kind: Any, good: list[str], bad: list[str]) -> None:
    for code in good:
        assert parse(kind, code) == code
    for code in bad:
        assert code_of(kind, code) == "string_pattern_mismatch"
