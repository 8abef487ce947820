"""What a person owes and is owed, composed for one page. Reads only."""
