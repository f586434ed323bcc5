"""Printing in batches: what a day needs, today's care sheets, drawn in the background and put together at the end."""
