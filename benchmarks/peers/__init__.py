"""What others do, written anew from its description: the other side of some benchmarks."""
