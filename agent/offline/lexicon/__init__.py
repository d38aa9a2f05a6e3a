"""The planner's words: one table an idea; a synonym is added in one place."""
