"""Who owns a lead in each department: routing, seats, pools, and leaving."""
