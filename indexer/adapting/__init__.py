"""Adapting the default encoder to judged matches: contrastive training of low-rank additions."""
