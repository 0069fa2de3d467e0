"""Where adapters are joined to use cases; the command line calls nothing else."""
