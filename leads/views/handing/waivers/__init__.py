"""Waivers that are asked for, and answered."""
