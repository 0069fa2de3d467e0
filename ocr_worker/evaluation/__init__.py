"""How well papers are read, measured on labelled folders."""
