"""Calls about one lead: found, brought in, moved, told about, merged."""
