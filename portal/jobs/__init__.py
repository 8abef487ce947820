"""Long work with progress: imports, backtests, exports. See `runner` for how it is done."""
