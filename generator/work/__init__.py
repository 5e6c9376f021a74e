"""What is done with a site, one folder each."""
