"""`python -m afspraak`: the same as the command `afspraak`."""

from afspraak.cli.app import main

if __name__ == "__main__":
    main()
