"""SQL for what is asked: one SELECT over the public views, which the guard then reads like any other."""
