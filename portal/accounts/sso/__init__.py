"""Signing in, and signing, by the company's own identity provider (OpenID Connect)."""
