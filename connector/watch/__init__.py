"""Finding new deposits, buttons and results in a repository."""
