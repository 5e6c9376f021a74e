"""The author's preview: a server on this machine, a build process beside it, pages that reload by themselves."""
