"""Pure rules of Decision 1333/QĐ-BHXH; the standard library only."""
