"""Icons, fonts, trained networks and lessons, shipped with the program."""
