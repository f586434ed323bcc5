"""The person, before any treatment is planned."""
