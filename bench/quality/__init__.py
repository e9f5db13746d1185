"""How good the results are, beside the simplest thing that could work."""
