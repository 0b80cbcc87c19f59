"""The batch upload: plan, bounded workers, attaching, report. Built only on operations."""
