"""Local resources: who can help, where."""
