"""`python -m generator` is `clarion`."""

from generator.cli import main

if __name__ == "__main__":
    main()
