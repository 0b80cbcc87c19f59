"""Operations that send several requests: one file for each kind of object."""
