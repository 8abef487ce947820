"""Views of a page that people keep by name."""
