"""Files brought in the browser: to choose, to map, to check, to take, to take back."""
