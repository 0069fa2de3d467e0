"""Secrecy stamps and words: a secret paper is stopped before anything is signed (Art. 5.4)."""
