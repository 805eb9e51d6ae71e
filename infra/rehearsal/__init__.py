"""The bundle deployed on an emulator of AWS, and one journey through what was deployed."""
