"""Returns answered: corrected and offered again, one or many, and looked at again later."""
