"""The second factor: one-time codes of an app, and recovery codes for who has lost it."""
