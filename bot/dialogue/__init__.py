"""What is said when: pure decisions, without I/O, without a clock of their own."""
