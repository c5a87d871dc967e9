"""Does a report agree with its own tables? Sentences to claims to judgements."""

from swp_analysis.audit.judge_text import judge_text

__all__ = ["judge_text"]
