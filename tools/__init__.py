"""Tools that set the project up and keep it in order; not part of the wheel.

`tools.setup` runs before anything is installed and `tools.lock` without the project: both use the
standard library only.
"""
