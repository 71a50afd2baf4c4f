"""The safety net: danger is heard without the model."""
