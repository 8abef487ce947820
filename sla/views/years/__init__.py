"""Next year's holidays, as an amendment of the agreement."""
