"""What no program can beat: the other side of each benchmark."""
