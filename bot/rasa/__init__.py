"""The model, asked over a socket."""
