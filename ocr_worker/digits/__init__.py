"""Handwritten numbers, days, months and years in the slots of printed papers."""

from __future__ import annotations

from ocr_worker.digits.reader import SlotReader, SlotReading

__all__ = ["SlotReader", "SlotReading"]
