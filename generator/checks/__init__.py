"""Checks of the whole site: one file each, registered by its hook. Deleting the file deletes the check."""
