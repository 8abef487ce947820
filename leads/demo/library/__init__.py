"""The library of the demo company."""
