"""What was actually done, with what, and what the patient takes home."""
