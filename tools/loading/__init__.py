"""Offering load to a running service, at a rate of its own and without retrying anything."""
