# Share of frames in each expression and mean valence of every face. Needs base R only.
#
# Rscript examples/summary.R mien-out/demo/talking-face/talking-face.csv

frames <- read.csv(commandArgs(trailingOnly = TRUE)[1])

# Rows without a reading say why in "validity"; their values are NA, never 0.
print(table(frames$validity))
read <- frames[frames$validity == "ok", ]

print(round(prop.table(table(read$track, read$label), margin = 1), 3))
print(aggregate(
  cbind(valence_derived_smoothed, arousal_derived_smoothed) ~ track,
  data = read, FUN = mean
))
