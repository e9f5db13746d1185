"""The scenario taxonomy while the service runs: changing it, tagging anew, what fits no code."""
