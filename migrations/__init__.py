"""Steps that bring the tables of an older version to the newest."""
