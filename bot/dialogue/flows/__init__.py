"""One file a flow."""
