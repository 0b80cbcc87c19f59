"""What the service answers: one class for each thing, one file for each noun."""
