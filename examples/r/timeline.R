# Draws the expressions of every face over time, and prints how long each lasted. Needs readr and ggplot2.
#
# Rscript examples/r/timeline.R mien-out/demo/talking-face/talking-face.csv timeline.png

suppressPackageStartupMessages({ library(readr); library(ggplot2) })

paths <- commandArgs(trailingOnly = TRUE)
if (length(paths) != 2) stop("usage: Rscript timeline.R RESULTS.csv PICTURE.png")
# Only an empty cell is missing; "NA" may be a word. guess_max: a column may be empty for the first minutes.
frames <- read_csv(paths[1], na = "", guess_max = Inf, show_col_types = FALSE)

# Rows without a reading say why in "validity"; their values are NA, never 0.
read <- subset(frames, validity == "ok" & !is.na(label))
cat(nrow(read), "of", nrow(frames), "rows have an expression in force\n")

# A row counts for the time until the next of its face, at most 0.2 s.
read <- read[order(read$track, read$pts_s), ]
read$seconds <- ave(read$pts_s, read$track, FUN = function(t) pmin(c(diff(t), 0), 0.2))
print(aggregate(seconds ~ track + label, data = read, FUN = function(s) round(sum(s), 2)))

emotions <- c("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
long <- do.call(rbind, lapply(emotions, function(emotion) {
  data.frame(
    track = paste("face", read$track), pts_s = read$pts_s, emotion = factor(emotion, emotions),
    share = read[[paste0("emotion_smoothed_", emotion)]]
  )
}))
colours <- c("#b9bdc6", "#e0a100", "#e86a17", "#3f6fd8", "#c62828", "#5a8f2f", "#7b4bc4", "#a0577e")
picture <- ggplot(long, aes(pts_s, share, fill = emotion)) +
  geom_area() +
  facet_wrap(~track, ncol = 1) +
  scale_fill_manual(values = colours) +
  labs(x = "seconds", y = "smoothed probability", fill = NULL, title = frames$source[1]) +
  theme_minimal()
ggsave(paths[2], picture, width = 9, height = 5, dpi = 120, bg = "white")
