"""Dated rules of law that an office chooses one of by ``profile`` in its settings."""
