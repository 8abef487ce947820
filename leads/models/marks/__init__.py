"""What is kept so that it can be taken back, or told: merges, and old words heard."""
