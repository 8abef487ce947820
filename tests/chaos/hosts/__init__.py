"""Several hosts: network namespaces on one bridge, whose cables can be cut."""
