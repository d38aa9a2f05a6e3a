"""Values in text: numbers, money, dates, durations and addresses, each recognised where it stands."""
