"""Figures for Prometheus: how the installation does, and nothing of anybody in it."""
