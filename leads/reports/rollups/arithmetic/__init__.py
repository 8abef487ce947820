"""What the cells of a period say together: numbers alone, no questions."""
