"""What people write beside figures."""
