"""Messages and their deadlines."""
