"""The serif of visible signatures."""
