"""How work is done: digests, ledgers, staging, executors. Knows nothing of articles."""
