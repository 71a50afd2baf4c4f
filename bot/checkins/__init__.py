"""Safety check-ins: someone notices if a person does not come back."""
