"""The page of error codes."""

import tomllib
from importlib.resources import files

from api.field_problems import PROBLEMS_FILE
from tools.reference.markdown import code, plain, table


def render() -> str:
    """Return the codes with their titles, and the sentences for values that do not fit."""
    texts = tomllib.loads((files("api") / PROBLEMS_FILE).read_text("utf-8"))
    titles = table(
        ("代码", "标题"),
        ((code(name), plain(title)) for name, title in texts["titles"].items()),
    )
    fields = table(
        ("代码", "说明"),
        ((code(name), plain(sentence)) for name, sentence in texts["validation"].items()),
    )
    return f"## 问题代码\n\n{titles}\n\n## 字段问题的代码\n\n{fields}"
