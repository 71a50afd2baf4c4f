"""Long runs under load and faults: `make soak`."""
