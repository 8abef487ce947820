"""The library: material for late in the journey, kept by Marketing and operations."""
