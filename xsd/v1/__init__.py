"""Version 1 of the contract; never edited after its release."""
