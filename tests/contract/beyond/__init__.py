"""Operations that the official package lacks: each has a test file, which names it in `OPERATION`."""
