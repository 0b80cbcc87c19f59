"""The command line `scenario-async`, which the extra ``cli`` installs."""
