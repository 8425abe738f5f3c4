"""PostgreSQL, Redis and the supervisor behind `script/server`. Nothing here imports Django."""
