"""What this machine provides: the data folder, secrets, the database cluster, child processes.

Nothing here knows Django, an agreement or a ticket; the settings, the doors and the tests ask it.
"""
