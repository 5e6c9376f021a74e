"""Beginning something: a site, a post, a page. Nothing that exists is ever overwritten."""
