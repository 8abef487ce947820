"""The builder of criteria: a tree of groups and conditions as a form."""
