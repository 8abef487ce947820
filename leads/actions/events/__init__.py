"""What other systems tell the portal (`incoming`), and what they are told (`outgoing`)."""
