"""Synthetic demonstration data set; its files are read as package data, no code lives here."""
