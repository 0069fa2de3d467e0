"""The command line: the contract with administrators."""
