"""Text to utterance: cleaning, keyword tables, crisis rules, language and intent (the Rasa-trained model)."""
