"""Reading what authors write: text, front matter, YAML, TOML, JSON, CSV, with the place of everything in it."""
