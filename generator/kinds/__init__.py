"""Output kinds: one file each, registered by its hooks. Deleting the file deletes the kind."""
