"""Rules to recognise document types and their fields, and names of agencies; edited by administrators."""
