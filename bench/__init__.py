"""Measurements of quality and speed; never imported by the packages."""
