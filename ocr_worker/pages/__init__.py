"""Pages as pictures: opened within limits, drawn, cleaned, and what a capture must show (Art. 8.2)."""
