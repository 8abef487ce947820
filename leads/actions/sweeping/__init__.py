"""The sweep: what is due is raised once; holds, floods, outages and timers."""
