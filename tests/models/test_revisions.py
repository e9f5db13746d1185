"""The versions of the tables, told without Alembic."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from models.revisions import MIGRATIONS, known_revisions, newest_revision


def test_versions_are_those_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)

    assert newest_revision() == scripts.get_current_head()
    assert known_revisions() == {step.revision for step in scripts.walk_revisions()}
