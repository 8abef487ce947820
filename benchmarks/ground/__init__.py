"""What the benchmarks stand on: goals, private databases, a company with many open clocks."""
