"""The ECM over CMIS: cmislib, made safe by subclasses."""
