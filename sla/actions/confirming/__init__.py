"""Signing by a fresh login at the company's identity provider."""
