"""Does a report agree with its own tables? Sentences to claims to judgements."""
