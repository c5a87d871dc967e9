"""What an analyst calls on any area or series. In: names and codes. Out: results with numbers, words and a chart."""
