"""What is done with themes: they are found, begun, copied from, compared, checked, added."""
