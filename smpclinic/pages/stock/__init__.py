"""The stock: products, lots, their ledger, what runs out and what expires."""
