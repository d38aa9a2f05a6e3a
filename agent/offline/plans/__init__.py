"""Plans: what is done for each logical form, as generators of tool calls and questions."""
