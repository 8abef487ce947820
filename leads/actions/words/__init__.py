"""Old words for stages that people and programs still use."""
