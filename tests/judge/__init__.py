"""The outside judges: programs and rules of others, held against any built folder and the address it is built for."""
