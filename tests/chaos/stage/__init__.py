"""The stage of the chaos: processes, databases, receivers, load. The judge is `oracle.py`."""
