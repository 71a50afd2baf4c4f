"""The preview: every message as a phone shows it, beside the English, while it is being written."""
