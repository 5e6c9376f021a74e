"""Redactions whose text is still in the source: where else it stands, and how it is taken out."""
