"""Passkeys: enrolled by their owner, used to sign agreements."""
