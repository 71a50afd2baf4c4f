"""Durable timers: claim, run, settle."""
