"""What a build, a check, an outlook and a survey of a site are made of; `build.py` is the pipeline itself."""
