"""Files that are brought in the browser: kept, looked at, rehearsed, taken, taken back."""
