"""Other ways to encode and to rank, side by side with the present way: what was tried."""
