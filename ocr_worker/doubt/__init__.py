"""How sure a value is, and from where on it stands without a person's look."""
