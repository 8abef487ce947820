"""The lead on its journey: facts, touches, stages, its agreement, and merging."""
