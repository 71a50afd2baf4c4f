"""Faults of every kind under a load of people, and a ledger of what each of them saw."""
