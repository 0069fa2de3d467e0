"""Pictures as words: recognisers of print, lines, and several looks at one place."""
