"""What is likely to be late: from what became of promises like it, and nothing else."""
