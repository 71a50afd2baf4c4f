"""Keys: ring, epochs, envelope, blind index."""
