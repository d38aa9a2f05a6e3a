"""What can be inferred about records: sentiment, risk, next steps and topics, each with the passage that says so."""
