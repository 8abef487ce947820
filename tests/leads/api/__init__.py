"""The API of leads, as programs meet it."""
