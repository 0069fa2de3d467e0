"""Keys, visible signatures, PAdES, XAdES, time stamps, verification."""
