"""What the bot says: reviewed text by key and locale."""
