"""Measurements that anyone can run: `make bench`. Each stands beside something known."""
