"""What an outsider gets of a signed version: a document to read, and evidence to check."""
