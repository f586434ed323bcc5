"""Changes to session records. Each is one transaction and leaves an audit entry; nothing is ever half saved."""
