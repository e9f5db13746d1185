"""Tools that set the project up and keep it in order: set-up, lock files, wheelhouse.

They use the standard library only, because they run before anything is installed, and they import
none of the four packages. They are not part of the wheel.
"""
