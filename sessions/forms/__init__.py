"""What is typed at the chair. The forms call the rules to explain; the actions call them again to guarantee."""
