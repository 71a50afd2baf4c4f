"""One file a flow: each a pure `step`, with its chart beside it."""
