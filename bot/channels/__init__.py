"""Surfaces on which people chat."""
