"""Web, worker, beat and broker in one terminal, that live and die together."""
