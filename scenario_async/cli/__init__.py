"""The command line, `scenario-async`: thin, and installed with the extra ``cli``."""
