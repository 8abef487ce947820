"""In which browsers somebody is signed in, and for how long."""
