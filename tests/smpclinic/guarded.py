"""Which rules of the guards the tests try, so that a new rule without a test is noticed."""

COVERED: set[str] = set()


def covers(*names: str):
    """Mark a test as trying these rules on both sides of their boundary."""
    COVERED.update(names)
    return lambda test: test
