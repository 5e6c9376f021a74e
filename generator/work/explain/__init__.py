"""Saying why: what an output was made from, what was made from a source, and where the time of a build went."""
