"""Methods that know no KPI: each imports nothing of ours but `errors`, and every room may call it."""
