"""The advocates' application."""
