"""Pages of the archive: papers on their way out of the drawer, and the monthly check."""
