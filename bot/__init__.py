"""Sidelight: a chat bot for people living with, or leaving, a violent partner."""
