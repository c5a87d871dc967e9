"""What is asked of people: the form for data owners, overdue figures, the board's workshop."""
