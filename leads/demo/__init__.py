"""The generated company of the demo: Halden Instruments, two years old, on simulated time."""
