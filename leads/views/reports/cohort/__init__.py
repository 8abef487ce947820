"""The journey of a cohort, drawn, with its tables and the rows of each figure."""
