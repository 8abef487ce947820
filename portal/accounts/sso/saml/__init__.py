"""Signing in by the company's own identity provider where it speaks SAML 2.0."""
