"""Records of a file by whole columns, where they are written as they are kept."""
