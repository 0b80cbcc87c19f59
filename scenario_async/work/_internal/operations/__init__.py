"""Operations of resources that are composed of several requests: one file for each noun."""
