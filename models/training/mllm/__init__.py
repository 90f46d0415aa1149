"""Trainers of the papers' multimodal LLMs at full size: EmoLA, FEALLM, UniFER and stage-wise compound expressions."""
