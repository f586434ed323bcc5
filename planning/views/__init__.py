"""The pages of planning: plans and the calendar."""
