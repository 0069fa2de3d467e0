"""What a product's administrator installs, written from a mapping so that a name lives once."""
