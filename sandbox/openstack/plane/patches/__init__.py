"""What makes stock services live in one process each, on SQLite, without a broker. Each module says
why."""
