"""The library of Marketing's material, and what Sales asks of it."""
