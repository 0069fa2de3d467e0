"""The metadata of Article 9, field by field."""
