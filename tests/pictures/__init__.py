"""The pictures of the documentation, made of its own examples."""
