"""The way of one paper: one module for each stage, one function each."""
