"""When a working calendar is open, in int64 microseconds since 1970-01-01T00:00Z.

`rules` turns local dates into instants, `table` compiles them once and answers single
questions, `grid` answers arrays. Their one caller is `sla.core.workingtime`.
"""
