"""Pictures and other files beside articles: measured, named, rebuilt from pixels, or refused."""
