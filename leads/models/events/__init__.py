"""What other systems tell the portal, and what it tells them."""
