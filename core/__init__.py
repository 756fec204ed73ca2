"""What both services stand on: settings, errors, the database client, knowledge."""
