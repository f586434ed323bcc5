"""What will be done, where on the scalp, when and by whom."""
