"""What each command but `build` and `assess` does, a file a command; `calls` has their options."""
