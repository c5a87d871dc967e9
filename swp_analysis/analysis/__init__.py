"""What changed, and is it real? Plain numbers in, estimates and findings out; nothing here draws."""
