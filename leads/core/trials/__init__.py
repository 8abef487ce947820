"""What a text would have made of the past, beyond its dues: who qualifies, clause by clause."""
