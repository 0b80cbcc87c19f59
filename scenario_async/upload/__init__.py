"""The batch upload: plan, limited workers, attaching and report."""
