"""Operations that the official package does not have: a test file for each, which names it in `OPERATION`."""
