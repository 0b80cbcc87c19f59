"""The private modules of trainings, generations, data sets, saved files and libraries."""
