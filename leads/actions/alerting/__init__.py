"""An alert on its way to people: whom, in which words, seen, put off."""
