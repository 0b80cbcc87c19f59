"""What is composed of several requests: data sets, trainings, generations, saved files and libraries."""
