"""Closed lists of choices; every value is also what the API and the database carry."""
