"""One turn: load, understand, decide, persist, act."""
