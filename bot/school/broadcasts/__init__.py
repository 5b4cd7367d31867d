"""Broadcasts: one text to many families, each line once, each family in its language.

`drafts` writes one, `preview` shows what it would do, `course` schedules, approves, pauses, resumes and
cancels, `counts` tells how it stands; `rows` makes its recipients, which bot/jobs queues in chunks.
"""
