"""What stands in the documentation is so: links, names, commands."""

import importlib.util
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from api.schemas.match import MatchRequestIn
from api.settings import Settings
from matcher.features import FEATURES
from models.errors import NavmatchError
from tests.docs.pages import PAGES, ROOT, Block, anchors, blocks, links, name_of
from tools.reference.commands import names_of, walk
from tools.reference.http import operations
from tools.reference.pages import PAGES as GENERATED
from tools.reference.pages import renewed

REFERENCE = ROOT / "docs" / "reference"
MACHINE_PATH = re.compile(r"(?<![\w.~:/])/(?:home|root|tmp|work|Users|mnt)/\w+")
ASSIGNMENT = re.compile(r"^([A-Z][A-Z0-9_]*)=")
OTHER_VARIABLES = {"HF_HUB_OFFLINE", "KEY", "PIP_NO_CACHE_DIR", "PYTHON", "TMPDIR", "WHEELHOUSE"}
OF_ANY_ADDRESS = {"405", "500"}
"""Answered everywhere, so not listed by operation: a wrong method, and what nobody foresaw."""

COMMANDS = dict(walk())


def read(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in links(page):
        target, _, anchor = link.partition("#")
        if re.match(r"https?:", target):
            continue
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_names_no_place_of_one_machine(page: Path) -> None:
    assert MACHINE_PATH.findall(page.read_text("utf-8")) == []


def test_index_leads_to_every_page() -> None:
    listed = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        listed.add(page)
        found = {(page.parent / link.partition("#")[0]).resolve() for link in links(page)}
        waiting += [p for p in found - listed if p.suffix == ".md" and p.is_file()]
    template = ROOT / "docs" / "adr" / "0000-template.md"
    assert [name_of(page) for page in PAGES if page not in listed | {template}] == []


@pytest.mark.parametrize("name", GENERATED)
def test_generated_part_is_up_to_date(name: str) -> None:
    assert read(name) == renewed(read(name), GENERATED[name]()), "run python -m tools.reference"


def test_api_page_has_every_operation() -> None:
    paths = create_app(Settings()).openapi()["paths"]
    headings = [f"### {method} {path}\n" for method, path, _ in operations(paths)]
    assert [heading for heading in headings if heading not in read("api.md")] == []


def test_settings_page_has_every_setting() -> None:
    names = [f"NAVMATCH_{name.upper()}" for name in Settings.model_fields]
    assert [name for name in names if f"`{name}`" not in read("settings.md")] == []


def test_features_page_has_every_feature() -> None:
    page = read("features.md")
    assert [f.name for f in FEATURES if f"`{f.name}`" not in page] == []


def test_cli_page_has_every_command_and_option() -> None:
    page = read("cli.md")
    words = [f"navmatch {path}".strip() for path in COMMANDS]
    words += [name for c in COMMANDS.values() for p in c.params for name in names_of(p)]
    assert [word for word in words if word not in page] == []


def test_errors_page_has_every_code() -> None:
    page = read("errors.md")
    assert [code for code in sorted(set(codes(NavmatchError))) if f"`{code}`" not in page] == []


def codes(kind: type[NavmatchError]) -> Iterator[str]:
    yield kind.code
    for child in kind.__subclasses__():
        yield from codes(child)


def test_errors_page_has_the_statuses_of_the_service() -> None:
    paths = create_app(Settings()).openapi()["paths"]
    documented = {
        status for _, _, operation in operations(paths) for status in operation["responses"]
    }
    answered = {status for status in documented if status >= "400"} | OF_ANY_ADDRESS
    told = re.findall(r"^\| (\d{3}) \|", read("errors.md"), re.MULTILINE)
    assert told == sorted(answered)


def test_api_page_shows_what_is_sent_with_a_name_to_each_entry() -> None:
    operation = read("api.md").partition("### POST /v1/match\n")[2].partition("\n### ")[0]
    example = json.loads(operation.partition("```json\n")[2].partition("```")[0])
    assert MatchRequestIn.model_validate(example).queries
    assert "| `queries` | 键到[MatchQuery](#matchquery)的对象 | 是 |" in read("api.md")


def test_patterns_of_settings_are_told_as_words_or_examples() -> None:
    page = read("settings.md")
    ranges = [line.split(" | ")[2] for line in page.splitlines() if line.startswith("| `NAVMATCH")]
    assert "如 `navmatch@example.cn`" in ranges
    assert [found for found in ranges if re.search(r"[\[\]+?()$]", found)] == []


def test_size_of_the_demonstration_is_told_as_it_is() -> None:
    files = sorted((ROOT / "api" / "demo").glob("providers_*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    n_capabilities = sum(len(row["capabilities"]) for row in rows)
    page = (ROOT / "docs" / "explanation" / "how-a-match-is-made.md").read_text("utf-8")
    assert f"{len(rows)} 家机构、{n_capabilities} 项能力" in page


@pytest.mark.parametrize("readme", ["README.md", "README.en.md"])
def test_readme_shows_both_commands(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    assert "\nmake demo" in text
    assert "\nmake test" in text


@pytest.mark.parametrize("block", list(blocks("json")), ids=lambda b: name_of(b.page))
def test_json_block_is_json(block: Block) -> None:
    json.loads(block.text)


@pytest.mark.parametrize("block", list(blocks("sh")), ids=lambda b: name_of(b.page))
def test_shell_block_runs_what_exists(block: Block) -> None:
    for line in block.text.replace("\\\n", " ").splitlines():
        for command in re.split(r"&&|\|", line):
            check_command(shlex.split(command, comments=True))


def check_command(words: list[str]) -> None:
    """Check the words of one command: variables, make targets, commands and their options."""
    if words and words[0] == "export":
        words = words[1:]
    while words and (match := ASSIGNMENT.match(words[0])):
        known = {f"NAVMATCH_{n.upper()}" for n in Settings.model_fields} | OTHER_VARIABLES
        assert match.group(1) in known
        words = words[1:]
    if not words:
        return
    if words[0] == "make":
        assert f"\n{words[1]}:" in (ROOT / "Makefile").read_text("utf-8")
    elif words[0].endswith("navmatch"):
        check_navmatch(words[1:])
    elif words[:2][-1:] == ["-m"] and "python" in words[0]:
        assert importlib.util.find_spec(words[2]) is not None


def check_navmatch(words: list[str]) -> None:
    """Check that a command exists and has the options given."""
    name = next((word for word in words if word in COMMANDS), "")
    named = " ".join(words[words.index(name) :][:2]) if name else ""
    name = named if named in COMMANDS else name  # a command of a group
    assert name or all(word.startswith("-") for word in words)
    params = [*COMMANDS[""].params, *COMMANDS[name].params]
    known = {known for p in params for known in names_of(p)} | {"-h", "--help"}
    assert [w for w in words if w.startswith("-") and w.partition("=")[0] not in known] == []
