"""Data of every released version, kept so that each later version proves that it can take it over."""
