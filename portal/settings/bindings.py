"""Where the roof ties the floors together, by name: ground code calls upward only here.

Each is the dotted name of a function; without arguments, where none are named.
"""

# When the next timed event is due (aware UTC), or None. Read by beat at most every second.
NEXT_INSTANT = "leads.actions.sweeping.sweep.next_instant"
# The last pass of the sweep: something with `swept_at`, or None.
LAST_SWEEP = "leads.actions.sweeping.sweep.last_pass"
# The last audit: something with `audited_at` (may be None) and `differences`, or None.
LAST_AUDIT = "leads.actions.auditing.last_audit"
# One batch, given `at`, if nobody has swept for half a minute. Web processes ask.
SWEEP_IF_OVERDUE = "leads.actions.sweeping.sweep.if_overdue"
SWEEP_IN_WEB = True
# Whether nothing may leave: a backup was restored, and nobody has let the portal go on yet.
NOTHING_LEAVES = "leads.actions.sweeping.holding.nothing_leaves"
# What becomes of an account's open work when it is closed: given `who`, `by` and `at`.
PERSON_LEFT = "leads.actions.owning.leaving.leave"
# The same of who is in another team than before: given `who`, `before`, `by` and `at`.
PERSON_MOVED = "leads.actions.moving.people.moved"
# What does a step of each kind of long work: given the job and `at`.
JOBS = {
    "rehearsal": "leads.actions.imports.files.work.rehearse",
    "import": "leads.actions.imports.files.work.import_some",
    "undo_import": "leads.actions.imports.files.work.undo",
    "retention": "leads.actions.privacy.retention.step",
    "backtest": "leads.reports.backtest.whole.step",
}
# What is seen to beside the long work, given `at`: what was kept long enough is removed, and
# the week is told on Monday, and each day what it brings.
HOUSEKEEPING = [
    "leads.actions.imports.files.uploads.remove_old",
    "leads.actions.privacy.retention.ask_automatic",
    "leads.actions.reviewing.mailing.weekly",
    "leads.actions.reviewing.foretelling.foretell",
    "sla.actions.renewing.remind",
]
# Whether a host's clock that jumps or goes back, or an absence of a week, holds the sweep.
HOLD_SWEEP_ON_JUMPS = True
# When a question about the figures stays quiet, where this portal differs: by the key of the
# check, {"few": rows, "percent": of the whole}. Both departments see what holds.
INTEGRITY_QUIET: dict[str, dict[str, int]] = {}
# Says refused one-time codes in the log.
MFA_ADAPTER = "portal.adapter.CodesAdapter"
