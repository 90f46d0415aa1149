"""Time in each expression, mean valence and AU12 of every face. Needs pandas and pyarrow.

python examples/summary.py mien-out/demo/talking-face/talking-face.parquet
"""

import sys

import pandas as pd

frames = pd.read_parquet(sys.argv[1])  # CSV has the same columns: pd.read_csv(path)

# Frames may be unevenly spaced: a row counts for the time until the next row of its face, at most 0.2 s.
frames = frames.sort_values(["track", "pts_s"])
frames["seconds"] = -frames.groupby("track")["pts_s"].diff(-1)
frames["seconds"] = frames["seconds"].clip(upper=0.2)

# Rows without a reading say why in "validity"; their values are empty, never 0.
read = frames[frames["validity"] == "ok"]
print("\nRows with a reading:", len(read), "of", len(frames))
print(frames["validity"].value_counts().to_string())

print("\nSeconds in each expression:")
print(read.pivot_table(index="track", columns="label", values="seconds", aggfunc="sum").round(2).to_string())

print("\nMeans:")
columns = ["valence_derived_smoothed", "arousal_derived_smoothed", "au12_intensity_smoothed"]
print(read.groupby("track")[[name for name in columns if name in read]].mean().round(3).to_string())
