"""What people agreed to, what they ask of their data, and how long they are kept."""
