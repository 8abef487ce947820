"""Drawings made on the server: values in, a `Drawing` out, `{% drawing it %}` shows it."""
