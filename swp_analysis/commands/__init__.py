"""What the commands do: `audit`, `check`, `init` and `read` in a file each, the shorter ones in `calls`."""
