"""How a language writes dates; Django looks here for each format that it is asked for."""
