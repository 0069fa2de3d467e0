"""The mapping and rule files that administrators edit."""
