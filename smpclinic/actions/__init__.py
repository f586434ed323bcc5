"""Changes to the clinic itself. Each is one transaction and leaves an audit entry."""
