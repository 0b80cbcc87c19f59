"""The classes of requests and responses, one file for each kind of object."""
