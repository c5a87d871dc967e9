"""`python -m swp_analysis …` is the same as `swp …`."""

from swp_analysis.cli import main

if __name__ == "__main__":
    main()
