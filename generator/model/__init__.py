"""The nouns: frozen values, complete at construction, that every other room passes on."""
