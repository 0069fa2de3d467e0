"""Pages for people: a paper beside its proposals, reports, verification of files."""
