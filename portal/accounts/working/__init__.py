"""When people work: absences with deputies, hours and zone, how much they take at once."""
