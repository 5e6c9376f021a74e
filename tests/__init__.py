"""The tests of Clarion."""
