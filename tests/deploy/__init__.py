"""The deployment: its files looked at (pytest), and carried out in clean roots (`python -m`)."""
