"""What is known before a paper is read: types, agencies, places, notations, syllables; corrections by them."""
