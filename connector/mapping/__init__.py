"""From logical fields to a repository's own types and properties, and back."""
