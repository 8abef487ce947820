"""What whoever runs the portal needs: is it well, and how is it kept and brought back."""
