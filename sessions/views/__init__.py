"""Answers of the session room: who, what, form, action, answer."""
