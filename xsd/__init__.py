"""The published contract: one folder for each version."""
