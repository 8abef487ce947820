"""The months after the first hour, on simulated time: what changes, and how much is said."""
