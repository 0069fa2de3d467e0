"""Draws slots, teaches the digit reader's network and fits its confidence: a developer's step, not used at run time."""
