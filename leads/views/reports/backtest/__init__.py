"""Any version on real history: the page, the handoffs behind its counts, their file."""
