"""The resources and their operations: one file for each kind of object."""
