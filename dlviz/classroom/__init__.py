"""A class of learners in one room: who teaches, who sits where, what each may read, and how all of them are doing."""
