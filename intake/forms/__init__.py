"""The intake's forms: they explain what the pure rules refuse, beside the field, and keep what was typed."""
