"""What is asked on a desk."""
