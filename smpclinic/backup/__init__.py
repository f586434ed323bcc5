"""Backups: rows first, then files, sealed for a key that lies elsewhere, and proved by restoring them.

``taking.take`` makes one, ``restoring.restore`` brings one back on an empty machine, ``standing.standing`` says how
the clinic stands. The shelf (``shelf``) is a folder: one sealed archive of rows for each backup, and each photo or
document once, sealed under the name of its own hash.
"""
