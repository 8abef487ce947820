"""What Marketing has ready for late in the journey."""
