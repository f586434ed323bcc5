"""The pages of the intake: register, questionnaire, assessment, screening, consents, photos and papers."""
