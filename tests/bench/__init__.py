"""Clarion measured beside its peers: the same texts, the same pages, the same machine."""
